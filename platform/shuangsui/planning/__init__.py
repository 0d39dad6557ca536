"""年度抽查工作计划 (article 7): lines, their approval, and who was drawn how often this year (article 10)."""
