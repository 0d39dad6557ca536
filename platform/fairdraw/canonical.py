"""Canonical JSON of srd-1 section 3.2: one byte form for one value."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from fairdraw.failures import Failure, require
from fairdraw.fields import FORBIDDEN

LIMIT = 2**53 - 1
"""Bound of integers, both ways (rule 2)."""
_DEPTH = 32
_MEMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")


def _reject(what: str) -> NoReturn:
    raise Failure("NOT_CANONICAL", what[:100])


def _check(x: Any, depth: int = 1) -> None:
    """Rules 1, 2, 3, 6 and 7 of section 3.2 over a value."""
    if isinstance(x, str):
        require(not FORBIDDEN.search(x), "NOT_CANONICAL", "a control character or lone surrogate in a string")
    elif isinstance(x, dict | list):
        require(depth <= _DEPTH, "NOT_CANONICAL", f"nested deeper than {_DEPTH} levels")
        for key in x if isinstance(x, dict) else ():
            if not isinstance(key, str) or not _MEMBER.fullmatch(key):
                _reject(f"member name {key!r}")
        for value in x.values() if isinstance(x, dict) else x:
            _check(value, depth + 1)
    elif isinstance(x, int):  # true and false are among these
        require(-LIMIT <= x <= LIMIT, "NOT_CANONICAL", "an integer beyond 2^53 - 1")
    elif x is not None:
        _reject(f"a value of type {type(x).__name__}")


def canon(x: Any) -> bytes:
    """The canonical bytes of ``x``; :class:`Failure` ``NOT_CANONICAL`` for a value that has none."""
    _check(x)
    return json.dumps(x, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def parse(data: bytes, what: str = "JSON") -> Any:
    """The value of canonical ``data``; :class:`Failure` ``NOT_CANONICAL`` if any byte could be otherwise (rule 8)."""
    try:
        x = json.loads(data.decode("ascii"), parse_float=_reject, parse_constant=_reject)
    except (ValueError, RecursionError) as error:
        raise Failure("NOT_CANONICAL", f"{what}: {error}") from None
    require(canon(x) == data, "NOT_CANONICAL", f"{what}: other bytes than its canonical form")
    return x
