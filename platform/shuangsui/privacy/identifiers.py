"""Numbers and addresses by which a natural person is known, found in plain text; pure.

No checksum, no date and no known prefix: no finding. What has a checksum is found in any usual grouping; what has none
(a mobile number) only in groupings that people write, so that lists of numbers are not taken for one.
An ID number that also passes the check of a credit code is an ID number here, as it is in the registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from shuangsui.registry.codes import province_known
from shuangsui.registry.uscc import check_regno, check_uscc, id_check_char

RESIDENT_ID, OLD_ID, MOBILE, CARD, EMAIL = "resident_id", "old_resident_id", "mobile", "bank_card", "email"

_LAST_BIRTH_YEAR = 2035
"""Far enough for whoever is born while this is in use; codes of institutions look like people born after 2040."""

Match = tuple[str, int, int]
Group = tuple[int, int]

_RUN = re.compile(r"[0-9]+(?:(?: {0,2}[-._()] {0,2}| {1,3}|\r?\n|\t)[0-9]+)*")
_GROUP = re.compile("[0-9]+")
_LAST_X = re.compile(r"(?:[-._ ]|\r?\n)?[xX](?![0-9A-Za-z])")
_HEX_SIZES = (16, 24, 32, 40, 48, 56, 64, 96, 128)
_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|0x[0-9A-Fa-f]+|(?=[0-9]*[A-Fa-f])(?:"
    + "|".join(f"[0-9a-f]{{{size}}}|[0-9A-F]{{{size}}}" for size in _HEX_SIZES)
    + r")|[0-9a-f]{8}(?: [0-9a-f]{8}){7}(?: [0-9a-f]{8}){0,8}|[0-9a-f]{8} [0-9a-f]{8}(?=…))(?![0-9A-Za-z])"
)
"""Also in groups of eight, as our pages write a whole digest or the beginning of one: two groups without a letter, one
pair in two thousand, would now and then pass for a card and keep a draw from being published."""
_WORD = re.compile("[0-9A-Za-z]*")
_AT = re.compile(r"@|(?<=[(\[])(?:at|AT)(?=[)\]])")
_EMAIL = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_])?"
    r"(?:@| ?[(\[](?:at|AT|@)[)\]] ?| @ ?(?=[A-Za-z0-9.-]+\.(?:com|cn|net|org)\b))"
    r"(?:[A-Za-z0-9一-鿿](?:[A-Za-z0-9一-鿿-]{0,61}[A-Za-z0-9一-鿿])?\.)+(?:[A-Za-z]{2,24}|中国|公司|网络)"
)
_FRACTION, _CENTS = re.compile(r"(?<![0-9])0\.$"), re.compile(r"\.(?:[0-9]{2}|[1-9])(?![0-9])")
_MONEY = re.compile(r"元| ?(?:万元|亿元|美元|%|‰)")
_MONEY_BEFORE = re.compile(r"(?:[¥$€]|RMB|CNY|人民币) ?$")

_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9][0-9]{9})")
_MOBILE_SIZES = {
    (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (4, 7), (3, 3, 3, 2),
    (3, 2, 2, 2, 2), (3, 4, 2, 2), (3, 2, 2, 4), (11,), (1,) * 11,
}  # fmt: skip
_CARD_SIZES = {
    *((4, 4, 4, 4, *rest) for rest in ((), (1,), (2,), (3,))), (6, 10), (6, 11), (6, 12), (6, 13), (8, 8), (8, 11),
    (4, 6, 5), (4, 6, 6), (4, 12), (4, 15), (6, 4, 6), (6, 4, 9), (6, 9, 4), (5, 5, 5, 4), (4, 5, 5, 5),
}  # fmt: skip
_CARDS = re.compile(
    r"62[0-9]{14,17}|4[0-9]{15}|(?:436742|456351|622|60[0-9]|69|68|65|95[589])[0-9]{13,16}"
    r"|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)[0-9]{12,14}|35(?:2[89]|[3-8][0-9])[0-9]{12}|3[47][0-9]{13}"
)
_ID_SIZES = {
    (6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (3, 3, 4, 4, 4), (4, 4, 4, 4, 2), (4, 4, 4, 6), (3,) * 6, (2,) * 9,
    (6, 8, 3), (6, 4, 4, 3), (6, 4, 2, 2, 3), (3, 3, 4, 4, 3), (4, 4, 4, 4, 1), (4, 4, 4, 5), (2, 2, 2, 4, 2, 2, 4),
    (2, 2, 2, 4, 4, 4), (2, 2, 2, 8, 4), (6, 8, 3, 1), (6, 4, 2, 2, 3, 1), (3, 3, 4, 2, 2, 4), (3, 3, 8, 4),
    (3, 3, 3, 3, 3, 2), (2, 2, 2, 4, 2, 2, 3), (2, 2, 2, 8, 3), (3, 3, 8, 3), (3, 3, 4, 2, 2, 3),
}  # fmt: skip
_OLD_SIZES = {(15,), (6, 6, 3), (6, 9), (3, 3, 6, 3), (6, 2, 2, 2, 3), (3,) * 5, (5,) * 3, (1,) * 15}
_NEAR = 1000
_MOST = 19
"""So many digits are looked at together, the most first."""


def identifiers(text: str) -> Iterator[Match]:
    """Kind and place of everything found, in no order; of one number only one meaning."""
    for mark in _AT.finditer(text):
        window = max(0, mark.start() - 66)
        for match in _EMAIL.finditer(text, window, mark.end() + 260):
            if match.start() < mark.end() <= match.end():
                yield EMAIL, match.start(), match.end()
    if _DIGEST.search(text):
        text = _DIGEST.sub(lambda match: "~" * len(match[0]), text)
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= 11:
            yield from _in_run(text, run)


def _in_run(text: str, run: re.Match[str]) -> Iterator[Match]:
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(text, run.start(), run.end())]
    taken = -1
    for first in range(len(groups)):
        if first <= taken:
            continue
        for last in range(_reach(groups, first), first - 1, -1):
            found = _number(text, groups, first, last)
            if found:
                yield found
                taken = last
                break


def _reach(groups: Sequence[Group], first: int) -> int:
    """The last group with which there are not yet more digits than any number has."""
    last, total = first, groups[first][1] - groups[first][0]
    while last + 1 < len(groups):
        total += groups[last + 1][1] - groups[last + 1][0]
        if total > _MOST:
            break
        last += 1
    return last


def _number(text: str, groups: Sequence[Group], first: int, last: int) -> Match | None:
    """What the groups from ``first`` to ``last`` are together."""
    part = groups[first : last + 1]
    sizes = tuple(end - start for start, end in part)
    total = sum(sizes)
    if not 11 <= total <= _MOST:
        return None
    start, end = part[0][0], part[-1][1]
    digits = "".join(text[a:b] for a, b in part)
    closing = _LAST_X.match(text, end) if total == 17 else None
    value, end = (f"{digits}X", closing.end()) if closing else (digits, end)
    if not _stands_alone(text, start, end):
        return None
    before = text[max(0, start - 4) : start]
    kind = _kind(value, sizes, whole=len(part) == len(groups), rounded=before.endswith("≈"))
    if len(part) == 1 and _FRACTION.search(before):
        return None
    if kind in (MOBILE, CARD) and _is_amount(text, end, before, joined=len(part) == 1):
        return None
    if kind == CARD and _is_list([text[a:b] for a, b in part]):
        return None
    return (kind, start, end) if kind else None


def _kind(value: str, sizes: tuple[int, ...], *, whole: bool, rounded: bool) -> str | None:
    plain = len(sizes) <= 2 or set(sizes) == {1}
    if len(value) == 18 and (plain or whole or len(sizes) == 3 or sizes in _ID_SIZES) and _is_id(value, rounded):
        return RESIDENT_ID
    if len(value) == 15 and sizes in _OLD_SIZES and _is_old_id(value):
        return OLD_ID
    if _is_mobile(value, sizes):
        return MOBILE
    if (len(sizes) == 1 or sizes in _CARD_SIZES or set(sizes) == {1}) and _is_card(value):
        return CARD
    return None


def _is_mobile(value: str, sizes: tuple[int, ...]) -> bool:
    """With or without the country's number before it, which may be a group of its own or joined to the first."""
    match = _MOBILE.fullmatch(value)
    if not match:
        return False
    extra = match.start(1)
    if sizes[0] == extra > 1:
        return sizes[1:] in _MOBILE_SIZES
    return (sizes[0] - extra, *sizes[1:]) in _MOBILE_SIZES or sizes == (1,) * len(value)


def _is_card(value: str) -> bool:
    """Known prefix and length, and the check of Luhn; a valid credit code or registration number is none."""
    if not _CARDS.fullmatch(value) or len(set(value)) < 3:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    if sum(number // 10 + number % 10 for number in doubled) % 10:
        return False
    if len(value) == 15:
        return check_regno(value).error is not None
    return len(value) != 18 or check_uscc(value).error is not None


def _is_id(value: str, rounded: bool) -> bool:
    """GB 11643: area, date of birth, check character; of a number that a spreadsheet has rounded area and date."""
    if value[17] != id_check_char(value[:17]) and not rounded:
        return False
    return province_known(value) and _is_day(value[6:14], 1900, _LAST_BIRTH_YEAR)


def _is_old_id(value: str) -> bool:
    """Issued before 1999, without check; whoever was born before 1930 would have had to be old then already."""
    return province_known(value) and _is_day("19" + value[6:12], 1930, 1999)


def _is_day(digits: str, first: int, last: int) -> bool:
    try:
        return first <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= last
    except ValueError:
        return False


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Letters may touch it (``tel138…``), but no longer code of letters and digits has it inside."""
    left = start
    while left and _is_word(text[left - 1]):
        left -= 1
    right = _WORD.match(text, end)
    around = text[left:start] + (right[0] if right else "")
    return not any(char.isdigit() for char in around)


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _is_amount(text: str, end: int, before: str, *, joined: bool) -> bool:
    """A sum of money or a share."""
    cents = _CENTS.match(text, end) if joined else None
    return bool(cents or _MONEY.match(text, end) or _MONEY_BEFORE.search(before))


def _is_list(groups: Sequence[str]) -> bool:
    """Numbers that rise by little, as drawn rows do; one card in five thousand looks like it."""
    numbers = [int(group) for group in groups]
    return len(numbers) > 3 and numbers == sorted(numbers) and numbers[-1] - numbers[0] < _NEAR
