"""The life of an authority 机关存续: suspended, merged 撤并, divided 分设; its handovers 移交 and takings-over 承接."""
