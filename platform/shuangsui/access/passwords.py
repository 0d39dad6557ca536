"""Passwords: Argon2id with the library's defaults; made, compared and judged here, stored and shown elsewhere."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shuangsui.errors import BadInput

LEAST = 12
MOST = 256
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are mistaken for each other when somebody types them from paper."""

_hasher = PasswordHasher()


def one_time() -> str:
    """A random password of 99 bits in four groups; it serves for the first sign-in only."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """What is stored."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; nothing stored takes the same time and is never right."""
    try:
        return _hasher.verify(stored or _dummy(), password[: MOST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str:
    """The same hash, or a new one if the library's defaults have become stronger since."""
    return hashed(password) if _hasher.check_needs_rehash(stored) else stored


def check_own(password: str, *, login: str, name: str, before: str | None) -> None:
    """Whether a person may choose it; :class:`BadInput` ``password_short``, ``password_obvious``, ``password_old``."""
    if not LEAST <= len(password) <= MOST:
        raise BadInput("password_short", least=LEAST, most=MOST)
    if password.casefold() in {login.casefold(), name.casefold()} or len(set(password)) < 4:
        raise BadInput("password_obvious", login=login)
    if before and matches(before, password):
        raise BadInput("password_old")


@cache
def _dummy() -> str:
    """A hash that no password has: its own was random and is forgotten."""
    return hashed(secrets.token_urlsafe(32))
