"""双随机、一公开监管平台: what a vendor may import, and nothing else."""

from __future__ import annotations

__all__: list[str] = []
