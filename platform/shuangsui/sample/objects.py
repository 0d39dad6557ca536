"""名录库 of inspection objects: firms of a 经信 commission, one row per number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from shuangsui.sample.codes import registration_number, uscc
from shuangsui.sample.dice import Dice
from shuangsui.sample.scene import District, Scene, district_picker
from shuangsui.sample.words import FORMS, MARK, OBJECT_STATUSES, RISK_CLASSES, WORDS, Form, Sector, sector_at

Row = dict[str, str]


def objects(scene: Scene, count: int) -> Iterator[Row]:
    """The first ``count`` objects; fields as in the registry's file, in its order."""
    return map(object_maker(scene), range(count))


def object_maker(scene: Scene) -> Callable[[int], Row]:
    """A function that makes any row of the registry from its number alone."""
    pick_district = district_picker(scene)

    def make(index: int) -> Row:
        dice = Dice(scene.seed, "object", index)
        sector = sector_at(scene.seed, index, dice)
        form = dice.pick(FORMS[sector.kind])
        district = pick_district(dice)
        risk = dice.pick(RISK_CLASSES)
        return {
            "code": _code(scene, district, form, index, dice),
            "name": _name(scene, district, sector, form, dice),
            "district": district.name,
            "address": _address(scene, district, dice),
            "industry": sector.industry,
            "risk_class": risk.code,
            "items": "；".join(code for code, share in sector.items if dice.chance(share)),
            "flags": "；".join(_flags(scene.today, risk.flagged, dice)),
            "status": dice.pick(OBJECT_STATUSES),
        }

    return make


def _code(scene: Scene, district: District, form: Form, index: int, dice: Dice) -> str:
    """The firm's code; one in eight was registered by the city, and two shops in five kept the old number."""
    area = scene.area if dice.chance(125) else district.area
    if form.category == "2" and dice.chance(400):
        return registration_number(scene.seed, area, index)
    return uscc(scene.seed, form.category, area, index)


def _name(scene: Scene, district: District, sector: Sector, form: Form, dice: Dice) -> str:
    """Place, brand, trade and form, as firms are named; shops carry the district instead of the city."""
    place = district.name if form.category == "2" else scene.city.removesuffix("市")
    brand = dice.pick(WORDS["brand_heads"]) + dice.pick(WORDS["brand_tails"])
    return f"{place}{brand}{dice.pick(sector.words)}{form.suffix}{MARK}"


def _address(scene: Scene, district: District, dice: Dice) -> str:
    """City, district, street and number."""
    street, number = dice.pick(WORDS["streets"]), dice.below(399) + 1
    return f"{scene.city}{district.name}{street}{number}号{dice.pick(WORDS['buildings'])}"


def _flags(today: date, per_mille: int, dice: Dice) -> Iterator[str]:
    """One or, seldom, two records ``kind|source|since|until``, some of them expired on ``today``."""
    if not dice.chance(per_mille):
        return
    start = dice.below(len(WORDS["flags"]))
    for step in range(2 if dice.chance(150) else 1):
        flag = WORDS["flags"][(start + step) % len(WORDS["flags"])]
        since = today - timedelta(days=dice.below(720) + 1)
        until = (since + timedelta(days=flag["days"])).isoformat() if flag["days"] else ""
        yield f"{flag['kind']}|{flag['source']}|{since}|{until}"
