"""Synthetic codes that are valid, unique and marked: data standards 1.8 and 1.9."""

from __future__ import annotations

from shuangsui.registry.uscc import ALPHABET, org_check_char, registration_check_digit, uscc_check_char
from shuangsui.sample.dice import scattered

MARKER = "MX"
"""Opens every body and certificate number. Issued bodies open with MA, so six characters of serial leave both
characters of the marker visible and still number 31^6 > 8 * 10^8 objects."""

SERIALS = 31**6
REGISTRATION_SERIALS = 32 * 10**6
CERTIFICATES = 10**8


def uscc(seed: str, category: str, area: str, index: int) -> str:
    """18 characters: 市场监管 (9), ``category``, registering area, marked body with its check, check character."""
    serial = scattered(seed, "uscc", index, SERIALS)
    body = MARKER + _base31(serial, 6)
    first17 = f"9{category}{area}{body}{org_check_char(body)}"
    return first17 + uscc_check_char(first17)


def office_code(area: str) -> str:
    """Of an authority (机构编制, 机关) of ``area``."""
    body = f"{MARKER}000001"
    first17 = f"11{area}{body}{org_check_char(body)}"
    return first17 + uscc_check_char(first17)


def registration_number(seed: str, area: str, index: int) -> str:
    """15 digits of the number used before 2015: area, 8 digits whose first, 6 to 9, means 个体工商户, check digit.

    The third of the eight is never 0 or 1, so no month stands there and nobody takes it for an old ID number.
    """
    high, low = divmod(scattered(seed, "registration", index, REGISTRATION_SERIALS), 800_000)
    first14 = f"{area}{60 + high}{200_000 + low}"
    return first14 + registration_check_digit(first14)


def certificate(seed: str, index: int) -> str:
    """A certificate number that no authority issues: the marker and eight digits."""
    return f"{MARKER}{scattered(seed, 'certificate', index, CERTIFICATES):08d}"


def _base31(number: int, width: int) -> str:
    """``number`` in the 31 characters of GB 32100, most significant first."""
    text = ""
    for _ in range(width):
        number, value = divmod(number, 31)
        text = ALPHABET[value] + text
    return text
