"""From the ``[[rule]]`` entries of a file to values that fit the key table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shuangsui.errors import Misconfigured
from shuangsui.rules import keys
from shuangsui.rules.policy import FOR_EVER, SINCE_EVER, RuleValue
from shuangsui.said import say
from shuangsui.tenancy.tenant import Stated


def checked(
    stated: Sequence[Stated],
    pack: str,
    *,
    binding: bool = True,
    document: str | None = None,
    period: tuple[date, date] = (SINCE_EVER, FOR_EVER),
) -> tuple[RuleValue, ...]:
    """The entries of a file as values; ``document`` and ``period`` are those of the whole file."""
    found = tuple(_value(one, pack, binding, document, period) for one in stated)
    for index, later in enumerate(found):
        for earlier in found[:index]:
            if earlier.key == later.key and earlier.overlaps(later):
                raise _fault("rule_duplicate", stated[index], say("与第 {line} 行在同一时期重复", line=earlier.line))
    return found


def _value(one: Stated, pack: str, binding: bool, document: str | None, period: tuple[date, date]) -> RuleValue:
    entry = one.entry
    _check(one)
    return RuleValue(
        key=entry.key,
        value=entry.value,
        pack=pack,
        file=one.file,
        line=one.line,
        article=entry.article,
        mode=entry.mode,
        own_basis=entry.own_basis,
        document=document,
        text=entry.text,
        binding=binding,
        valid_from=max(period[0], entry.valid_from or SINCE_EVER),
        valid_to=min(period[1], entry.valid_to or FOR_EVER),
    )


def _check(one: Stated) -> None:
    """The key exists, the value and mode are of its kind, the dates are in order."""
    entry = one.entry
    spec = keys.KEYS.get(entry.key)
    if spec is None:
        similar = keys.similar(entry.key)
        raise Misconfigured(
            "rule_key_unknown",
            file=one.file,
            line=one.key_line,
            key=entry.key,
            problem="没有这个规则键",
            suggestions=similar,
        )
    if problem := keys.problem(spec, entry.value, entry.mode):
        raise _fault("rule_value_invalid", one, problem)
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise _fault("rule_dates_reversed", one, "valid_to 早于 valid_from")


def _fault(code: str, one: Stated, problem: str) -> Misconfigured:
    return Misconfigured(code, file=one.file, line=one.line, key=one.entry.key, problem=problem)
