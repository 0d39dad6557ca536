"""What vendors test their plugins with; only tests and ``shuangsui mock-sink`` use it. Standard library alone."""
