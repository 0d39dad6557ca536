"""What names a natural person (《个人信息保护法》): found in texts, values and files before they go out."""
