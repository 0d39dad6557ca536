"""统一社会信用代码 (GB 32100-2015): what may stand in a field that is shown to everybody."""

from __future__ import annotations

import re
from datetime import date

from shuangsui import ContentRefused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(f"[{ALPHABET}]{{18}}")
_ID = re.compile(r"[1-8]\d{16}[\dX]", re.ASCII)


def require_code(text: str, field: str) -> str:
    """``text`` itself; :class:`ContentRefused` unless it is a code, or if it is a national ID number as well.

    One ID number in 31 passes the check of a code (data-standards 1.6), so that is looked at first.
    """
    if not text:
        raise ContentRefused(field, "没有填写")
    if _is_id_number(text):
        raise ContentRefused(field, "是居民身份证号码，不得报送")
    if not _CODE.fullmatch(text) or sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17])) % 31 != (
        -ALPHABET.index(text[17]) % 31
    ):
        raise ContentRefused(field, "不是有效的统一社会信用代码")
    return text


def _is_id_number(text: str) -> bool:
    """GB 11643: check character and a date of birth."""
    if not _ID.fullmatch(text):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return "10X98765432"[total % 11] == text[17]
