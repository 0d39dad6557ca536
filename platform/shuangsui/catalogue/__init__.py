"""随机抽查事项清单 (第五条): items, their versions, and what the official wording of ratio and frequency means."""
