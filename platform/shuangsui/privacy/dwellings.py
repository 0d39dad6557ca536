"""Addresses of sole owners 个体工商户, which may be homes (context 2.9); pure."""

from __future__ import annotations

import re

from shuangsui.privacy.unmasking import plain
from shuangsui.registry.uscc import check_regno, check_uscc

HOME = "home_address"
MASK = "***"

_NUMERAL = "一二三四五六七八九十百千零〇○两甲乙丙丁"
_UNITS = "号|栋|幢|座|单元|室|楼|层|组|弄|附|村民小组"
_NUMBER = re.compile(
    rf"\d|[{_NUMERAL}]+(?=(?:{_UNITS})(?!路|街|巷|镇|乡|村|庙|桥|坊))|[A-Za-z]+(?=栋|幢|座|单元|室|号|区)"
)
_HOUSE = re.compile(
    r"(?:路|街|巷|大道|支路|村|镇|乡|弄|胡同|里|坝|湾|坡|坪|小区|花园|苑|家园|社区|组|广场|大厦|公寓|新城|城)"
    rf"[^，。；、,;\s〔〕\[\]（）()《》罚字第令发决许准]{{0,10}}?(?:[0-9]+|[{_NUMERAL}]+)[A-Za-z]?\s?(?:-[0-9]+)*\s?(?:号|栋|幢|单元|室|弄|附)"
)
_TOKEN = re.compile(r"(?<![0-9A-Za-z.])(?:92[0-9A-Z]{16}|[0-9]{15})(?![0-9A-Za-z])")
_SOLE = ("个体工商户", "个体户")
_FLAGS = frozenset({"sole_owner", "soleowner"})


def masked_address(address: str) -> str:
    """Road and place stay, everything from the house number on is gone; masking twice changes nothing."""
    match = _NUMBER.search(address)
    return f"{address[: match.start()].rstrip(' （(第附')}{MASK}" if match else address


def house_number(text: str) -> bool:
    """Whether running text names a house: a road or a settlement, and soon behind it a number of a house or a room."""
    return bool(_HOUSE.search(plain(text).text))


def is_sole_owner_code(code: str) -> bool:
    """A 信用代码 that begins with 92, or a registration number whose serial begins with 6 to 9."""
    if len(code) == 18:
        return code.startswith("92") and check_uscc(code).error is None
    return len(code) == 15 and code[6] in "6789" and check_regno(code).error is None


def names_sole_owner(text: str, name: str = "") -> bool:
    """Whether a text says that the record it stands in is about a sole owner."""
    if name.lower() in _FLAGS:
        return text.lower() in ("true", "1", "是", "yes")
    text = text if text.isascii() else plain(text).text
    return any(word in text for word in _SOLE) or any(is_sole_owner_code(one) for one in _TOKEN.findall(text))
