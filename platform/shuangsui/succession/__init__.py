"""The life of an authority 机关存续: suspended, merged 撤并, divided 分设; what it hands over 移交 and takes over 承接."""
