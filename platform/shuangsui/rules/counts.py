"""Rules that set one number for each of several names, written as a list of 名称=整数; pure.

A name that is not there has no number of its own, which counts as nothing: so every number written is at least 1, and
a list is looser than another exactly if one of its numbers is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from shuangsui.said import say
from shuangsui.tenancy.schema import Scalar

_COUNT = re.compile(r"([^\s=](?:[^=\x00-\x1f\x7f]{0,62}[^\s=])?)=([1-9]\d{0,5})")
EXAMPLE = '["D=50"]'


def parsed(texts: Iterable[object]) -> dict[str, int]:
    """Name → number, in the order written; ``ValueError`` for a text of another form."""
    found = {}
    for text in texts:
        count = _COUNT.fullmatch(str(text))
        if count is None:
            raise ValueError(f"not a count: {text!r}")
        found[count[1]] = int(count[2])
    return found


def is_counts(value: object) -> bool:
    """Whether a value is a list of counts that is not empty; no text of any other kind of list has an ``=``."""
    return isinstance(value, tuple) and any("=" in str(text) for text in value)


def problem(value: Scalar, limits: tuple[int, int], choices: Sequence[str] = ()) -> str | None:
    """What is wrong with a value, in Chinese, or ``None``."""
    least, most = limits
    try:
        numbers = parsed(value) if isinstance(value, tuple) else None
    except ValueError:
        numbers = None
    if numbers is None or not isinstance(value, tuple) or not all(least <= n <= most for n in numbers.values()):
        return say(
            "应为“名称=整数”的列表，例如 {example}，整数在 {least} 至 {most} 之间",
            example=EXAMPLE,
            least=least,
            most=most,
        )
    if len(numbers) < len(value):
        return "同一名称写了两次"
    return (
        None if not choices or numbers.keys() <= set(choices) else say("名称只能取 {listed}", listed="、".join(choices))
    )


def is_below(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether some number of ``one`` is lower than that of ``other``."""
    return any(one.get(name, 0) < number for name, number in other.items())
