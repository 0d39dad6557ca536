"""统一社会信用代码 (GB 32100-2015), 组织机构代码 (GB 11714), 15-digit registration numbers, and what is an ID number.

Never derive a district from a code: its area is that of the registering authority at that time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from string import ascii_uppercase

from shuangsui.registry.codes import area_known, pair_known, pair_list_complete
from shuangsui.registry.normalise import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100, in the order of their values: no I, O, S, V, Z."""

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))

_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_BASE_36 = {char: int(char, 36) for char in "0123456789" + ascii_uppercase}
_ID = re.compile(r"[1-8]\d{16}[\dX]", re.ASCII)
_REGNO = re.compile(r"\d{15}", re.ASCII)
_OLD_ID = re.compile(r"[1-8]\d{14}", re.ASCII)
_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1850, 2100


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """The normalised code, the first failing check as an error code, and the warnings met before it."""

    value: str
    error: str | None = None
    warnings: tuple[str, ...] = ()
    suggestion: str = ""
    """The code with O read as 0 and I as 1, where that alone makes it valid; for a person to judge, never applied."""


def uscc_check_char(first17: str) -> str:
    """Character 18 of GB 32100: the weighted sum of all eighteen is a multiple of 31."""
    total = sum(map(mul, map(_VALUES.__getitem__, first17), WEIGHTS))
    return ALPHABET[-total % 31]


def org_check_char(body: str) -> str:
    """Check character of an organisation code (GB 11714) over its eight characters; 10 is written X."""
    total = sum(map(mul, map(_BASE_36.__getitem__, body), ORG_WEIGHTS))
    return "0123456789X"[-total % 11]


def registration_check_digit(first14: str) -> str:
    """Digit 15 of a registration number used before 2015: ISO 7064 mod 11,10."""
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def id_check_char(first17: str) -> str:
    """Character 18 of a national ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_id_number(text: str) -> bool:
    """Whether ``text`` is a valid 居民身份证号码: one in 31 of them also passes the check of GB 32100.

    Codes of 市场监管 begin with 9 and are never ID numbers.
    """
    value = fold(text).upper()
    if not _ID.fullmatch(value) or id_check_char(value[:17]) != value[17]:
        return False
    return _is_birth_date(value[6:14])


def check_uscc(text: str) -> CodeCheck:
    """Every check of GB 32100 on 18 characters, after NFKC, without spaces and in capitals."""
    value = fold(text).upper()
    if len(value) != 18:
        return CodeCheck(value, "code_length")
    if is_id_number(value):
        return CodeCheck(value, "id_number")
    if not set(value) <= set(ALPHABET):
        return CodeCheck(value, "uscc_characters", suggestion=_suggestion(value))
    if not value[2:8].isdigit():
        return CodeCheck(value, "uscc_area_digits")
    return _check_parts(value)


def check_regno(text: str) -> CodeCheck:
    """A 15-digit registration number; some look like an ID number issued before 1999, which is only a warning."""
    value = fold(text).upper()
    if len(value) != 15:
        return CodeCheck(value, "code_length")
    if not _REGNO.fullmatch(value):
        return CodeCheck(value, "regno_digits")
    warnings: tuple[str, ...] = () if area_known(value[:6]) else ("uscc_area_unknown",)
    if _OLD_ID.fullmatch(value) and _is_birth_date("19" + value[6:12]):
        warnings += ("looks_like_old_id",)
    wrong = registration_check_digit(value[:14]) != value[14]
    return CodeCheck(value, "regno_check" if wrong else None, warnings)


def check_code(text: str) -> CodeCheck:
    """The code of an inspection object: 15 characters are a registration number, everything else a 信用代码."""
    return check_regno(text) if len(fold(text)) == 15 else check_uscc(text)


def _check_parts(value: str) -> CodeCheck:
    """Pair, area, organisation code and check character of 18 characters of the alphabet."""
    warnings: tuple[str, ...] = ()
    if not pair_known(value[0], value[1]):
        if pair_list_complete(value[0]):
            return CodeCheck(value, "uscc_pair")
        warnings += ("uscc_pair_unknown",)
    if not area_known(value[2:8]):
        warnings += ("uscc_area_unknown",)
    if org_check_char(value[8:16]) != value[16]:
        if value[8] == "M":
            return CodeCheck(value, "org_check", warnings)
        warnings += ("org_check_old",)
    wrong = uscc_check_char(value[:17]) != value[17]
    return CodeCheck(value, "uscc_check" if wrong else None, warnings)


def _suggestion(value: str) -> str:
    """``value`` with O as 0 and I as 1 if that is a valid code, otherwise nothing."""
    guess = value.replace("O", "0").replace("I", "1")
    return guess if guess != value and check_uscc(guess).error is None else ""


def _is_birth_date(digits: str) -> bool:
    """Whether eight digits are a day on which a living person may have been born."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return _FIRST_BIRTH_YEAR <= born.year <= _LAST_BIRTH_YEAR
