"""利害关系 between the people and the objects of one synthetic authority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from shuangsui.sample.dice import Dice, scattered
from shuangsui.sample.objects import Row, object_maker
from shuangsui.sample.people import certificate_of, expert_no
from shuangsui.sample.scene import Scene
from shuangsui.sample.words import WORDS

FORMER = "曾任职"
"""The relation that has ended by its nature; one in ten of the others has ended too."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows each registry of one authority has."""

    objects: int
    inspectors: int
    experts: int
    interests: int


def interests(scene: Scene, sizes: Sizes) -> Iterator[Row]:
    """``sizes.interests`` declared relations, each with an object of its own (at most one per object).

    The only rows that depend on the sizes as well: both ends must exist.
    """
    firm = object_maker(scene)
    for index in range(min(sizes.interests, sizes.objects)):
        dice = Dice(scene.seed, "interest", index)
        kind, number = _holder(scene, sizes, dice)
        relation = dice.pick(WORDS["interests"]["relations"])
        days = dice.below(3000) + 400
        since = scene.today - timedelta(days=days)
        ended = since + timedelta(days=365 + dice.below(days - 365))
        yield {
            "person_kind": kind,
            "person_no": number,
            "object_code": firm(scattered(scene.seed, "interest", index, sizes.objects))["code"],
            "relation": relation,
            "since": since.isoformat(),
            "until": ended.isoformat() if relation == FORMER or dice.chance(100) else "",
            "source": dice.pick(WORDS["interests"]["sources"]),
        }


def _holder(scene: Scene, sizes: Sizes, dice: Dice) -> tuple[str, str]:
    """Who declares: three inspectors to one expert."""
    if dice.chance(250):
        return "专家", expert_no(dice.below(sizes.experts))
    return "执法检查人员", certificate_of(scene, dice.below(sizes.inspectors))
