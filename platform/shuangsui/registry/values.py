"""Readers: each turns one filled cell into a value, tells what it changed, or raises ``BadInput``."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, Flag, Value
from shuangsui.registry.days import written_day
from shuangsui.registry.normalise import (
    Tell,
    clean_capitals,
    clean_code,
    clean_name,
    clean_text,
    clean_verbatim,
)
from shuangsui.registry.spoken import number, short, typed_text, within, written_text
from shuangsui.registry.uscc import CodeCheck, check_code, check_uscc, is_id_number

Read = Callable[[Cell, Tell], Value]
Clean = Callable[[str, Tell], str]

_SEPARATORS = re.compile("[；;、，,]")
_INDUSTRY = re.compile(r"[A-T]?\d{4}", re.ASCII)
_SHORT_INDUSTRY = re.compile(r"\d{3}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_MUCH = Decimal(1000)
_YES = {"是": True, "否": False, "TRUE": True, "FALSE": False}
_FLAG_KINDS = {
    "投诉举报多": "complaints", "经营异常名录": "abnormal_list", "不良信用记录": "bad_credit", "行政处罚": "penalty",
}  # fmt: skip


def text(limit: int = 200, clean: Clean = clean_text) -> Read:
    """Text of at most ``limit`` characters; a number or date in the cell is taken as it is written, and told."""

    def read(cell: Cell, tell: Tell) -> str:
        return within(limit, clean(written_text(cell, tell), tell))

    return read


def name(limit: int = 200) -> Read:
    """The name of a person or a firm."""
    return text(limit, clean_name)


def wording(limit: int = 10_000) -> Read:
    """Official wording, kept as published."""
    return text(limit, clean_verbatim)


def code(limit: int = 32) -> Read:
    """A number given by somebody else: opaque, but text, and never an ID number."""

    def read(cell: Cell, tell: Tell) -> str:
        value = within(limit, clean_code(typed_text(cell), tell))
        if is_id_number(value):
            raise BadInput("id_number")
        return value

    return read


def ordinal(cell: Cell, tell: Tell) -> str:
    """The number of an item in its list: the spreadsheet may count it as a number, it has no zeros to lose."""
    written = number(cell) if isinstance(cell, float) else written_text(cell, tell)
    return within(32, clean_code(written, tell))


def object_code(cell: Cell, tell: Tell) -> str:
    """统一社会信用代码 or a 15-digit registration number (``check_code``)."""
    check = check_code(clean_capitals(typed_text(cell), tell))
    return _accepted(check, tell)


def _accepted(check: CodeCheck, tell: Tell) -> str:
    if check.error == "id_number":
        raise BadInput("id_number")
    if check.error == "uscc_characters" and check.suggestion:
        raise BadInput("uscc_letters", value=check.value, suggestion=check.suggestion)
    if check.error:
        raise BadInput(check.error, value=short(check.value), length=len(check.value))
    for warning in check.warnings:
        tell(warning, value=check.value)
    return check.value


def credit_code(cell: Cell, tell: Tell) -> str:
    """统一社会信用代码, and nothing older."""
    check = check_uscc(clean_capitals(typed_text(cell), tell))
    return _accepted(check, tell)


def choice(names: dict[str, str]) -> Read:
    """One of the official words, or of our own codes behind them."""
    codes = {**names, **{code: code for code in names.values()}}

    def read(cell: Cell, tell: Tell) -> str:
        value = clean_code(written_text(cell, tell), tell)
        if value not in codes:
            raise BadInput("bad_choice", value=short(value), accepted="、".join(names))
        return codes[value]

    return read


def entries(cell: Cell, tell: Tell) -> list[str]:
    """A list separated by ； ; 、 ， or a comma; an entry given twice counts once, and is told."""
    return _distinct([clean_text(part, tell) for part in _SEPARATORS.split(written_text(cell, tell))], tell)


def codes(cell: Cell, tell: Tell) -> list[str]:
    """A list of at least one code, separated as ``entries``."""
    found = _distinct([clean_code(part, tell) for part in _SEPARATORS.split(typed_text(cell))], tell)
    if not found:
        raise BadInput("required_empty")
    return found


def yes_no(cell: Cell, tell: Tell) -> bool:
    """是 or 否, or the spreadsheet's own TRUE and FALSE."""
    if isinstance(cell, bool):
        return cell
    value = clean_code(written_text(cell, tell), tell)
    if value.upper() not in _YES:
        raise BadInput("bad_choice", value=short(value), accepted="是、否")
    return _YES[value.upper()]


def industry(cell: Cell, tell: Tell) -> str:
    """GB/T 4754: an optional letter and four digits; spreadsheets drop the zero of 0610, which is put back and told."""
    value = clean_capitals(number(cell) if isinstance(cell, float) else written_text(cell, tell), tell)
    if _SHORT_INDUSTRY.fullmatch(value):
        value = f"0{value}"
        tell("zero_restored", after=value)
    if not _INDUSTRY.fullmatch(value):
        raise BadInput("bad_industry", value=short(value))
    return value


def ratio(cell: Cell, tell: Tell) -> str:
    """The wording of a ratio; a spreadsheet stores a typed 10% as the number 0.1, which is written out and told."""
    if not isinstance(cell, float):
        return within(1000, clean_verbatim(written_text(cell, tell), tell))
    if not 0 < cell <= 1:
        raise BadInput("ratio_as_number", value=number(cell))
    percent = f"{(Decimal(repr(cell)) * 100).normalize():f}%"
    tell("number_as_percent", value=number(cell), after=percent)
    return percent


def flags(cell: Cell, tell: Tell) -> list[Flag]:
    """Records of R10.4 as ``kind|source|since|until`` separated by ； — ``until`` empty while the record stands."""
    parts = re.split("[；;]", clean_text(written_text(cell, tell), tell))
    return [_flag(part.strip()) for part in parts if part.strip()]


def _flag(part: str) -> Flag:
    """One record with source, date and expiry (R10.5)."""
    fields = [field.strip() for field in re.split("[|｜]", part)]
    if len(fields) not in (3, 4) or not all(fields[:3]):
        raise BadInput("bad_flag", value=short(part))
    kind = _FLAG_KINDS.get(fields[0], fields[0])
    if kind not in _FLAG_KINDS.values():
        raise BadInput("bad_choice", value=short(fields[0]), accepted="、".join(_FLAG_KINDS))
    since = written_day(fields[2])
    until = written_day(fields[3]) if len(fields) == 4 and fields[3] else None
    if until is not None and until < since:
        raise BadInput("dates_reversed", since=since.isoformat(), until=until.isoformat())
    return {"kind": kind, "source": fields[1], "since": since, "until": until}


def amount(cell: Cell, tell: Tell) -> str:
    """万元 in digits, zeros at the end left out; so much that 元 may be meant is told."""
    written = number(cell) if isinstance(cell, float) else clean_code(written_text(cell, tell), tell)
    if not _AMOUNT.fullmatch(written):
        raise BadInput("bad_amount", value=short(written))
    value = Decimal(written)
    if value >= _MUCH:
        tell("amount_large", value=written)
    return f"{value.normalize():f}"


def _distinct(parts: list[str], tell: Tell) -> list[str]:
    """Filled entries in their order, each once."""
    filled = [within(200, part) for part in parts if part]
    kept = list(dict.fromkeys(filled))
    if len(kept) < len(filled):
        tell("repeated_entry", after="；".join(kept))
    return kept
