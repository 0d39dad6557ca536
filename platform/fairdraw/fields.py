"""Field classes of srd-1 section 3.2: predicates over parsed JSON values, none of them raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

U32 = 2**32 - 1
LARGEST = 2**53 - 1
"""The largest integer of canonical JSON."""
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
CODE = r"[A-Z][A-Z0-9-]{0,15}"

_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(NAME)
_CODE = re.compile(CODE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")

FORBIDDEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What no string may hold (rule 6 of 3.2): control characters and lone surrogates."""


def is_text(x: Any) -> bool:
    """Text: 1..256 bytes of UTF-8, nothing forbidden."""
    return isinstance(x, str) and not FORBIDDEN.search(x) and 1 <= len(x.encode()) <= 256


def is_hex64(x: Any) -> bool:
    """hex64: a 32-byte value in lower case."""
    return isinstance(x, str) and _HEX64.fullmatch(x) is not None


def is_salt(x: Any, *, salted: bool) -> bool:
    """A 16-byte salt in lower case hex, or the empty string of public mode."""
    return isinstance(x, str) and (_HEX32.fullmatch(x) is not None if salted else not x)


def is_name(x: Any) -> bool:
    """Name: the class of stratum names."""
    return isinstance(x, str) and _NAME.fullmatch(x) is not None


def is_code(x: Any) -> bool:
    """An exclusion code of section 4.2."""
    return isinstance(x, str) and _CODE.fullmatch(x) is not None


def is_int(x: Any, low: int = 0, high: int = U32) -> bool:
    """An integer within bounds; true and false are no integers."""
    return isinstance(x, int) and not isinstance(x, bool) and low <= x <= high


def is_time(x: Any) -> bool:
    """``YYYY-MM-DDThh:mm:ssZ``, a real date, seconds 00..59 (section 3)."""
    if not isinstance(x, str) or _TIME.fullmatch(x) is None:
        return False
    try:
        datetime.strptime(x, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return x[17:19] <= "59"


def is_printable(x: Any, low: int, high: int) -> bool:
    """``low..high`` characters U+0020..U+007E."""
    return isinstance(x, str) and low <= len(x) <= high and _PRINTABLE.fullmatch(x) is not None


def has_members(x: Any, *names: str) -> bool:
    """An object with exactly these members."""
    return isinstance(x, dict) and x.keys() == set(names)


def all_distinct(values: list[Any]) -> bool:
    """No value occurs twice."""
    return len(set(values)) == len(values)
