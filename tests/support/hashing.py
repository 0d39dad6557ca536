"""The passwords' algorithm with the least work, for tests that are not about its cost."""

from __future__ import annotations

from argon2 import PasswordHasher

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
