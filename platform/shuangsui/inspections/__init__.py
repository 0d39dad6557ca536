"""The inspections that follow a draw."""
