"""名录库 of inspectors and experts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from shuangsui.sample.codes import MARKER, certificate
from shuangsui.sample.dice import Dice
from shuangsui.sample.objects import Row
from shuangsui.sample.scene import Scene
from shuangsui.sample.words import MARK, OFFICES, WORDS, Office, person

CERTIFICATE_DAYS = 6 * 365
POSTS = ("执法岗", "业务岗")
"""岗位 in turn within an office: the first of each enforces, the second works on the matter itself."""
QUALS = tuple(dict.fromkeys(office.qual for office in OFFICES if office.qual))


def inspectors(scene: Scene, count: int) -> Iterator[Row]:
    """The first ``count`` inspectors, the offices in turn.

    Two of five may lead, the first of each office among them; the first two of each office are on duty with a
    valid certificate, so that every item finds a team.
    """
    return (_inspector(scene, index) for index in range(count))


def experts(scene: Scene, count: int) -> Iterator[Row]:
    """The first ``count`` experts, their fields in turn."""
    return (_expert(scene, index) for index in range(count))


def certificate_of(scene: Scene, index: int) -> str:
    """The certificate number of inspector ``index``."""
    return certificate(scene.seed, index)


def expert_no(index: int) -> str:
    """The neutral code of expert ``index``, the only thing published of an expert."""
    return f"{MARKER}-ZJ-{index + 1:04d}"


def _inspector(scene: Scene, index: int) -> Row:
    dice = Dice(scene.seed, "inspector", index)
    turn, desk = divmod(index, len(OFFICES))
    since = _issued(scene.today, dice, expired=turn > 1 and dice.chance(60))
    return {
        "cert_no": certificate_of(scene, index),
        "name": person(dice),
        "office": OFFICES[desk].name,
        "quals": "；".join(_quals(OFFICES[desk], dice)),
        "lead": "是" if turn % 5 in (0, 3) else "否",
        "valid_from": since.isoformat(),
        "valid_to": (since + timedelta(days=CERTIFICATE_DAYS)).isoformat(),
        "status": "离岗" if turn > 1 and dice.chance(30) else "停用" if turn > 1 and dice.chance(10) else "在岗",
        "post": POSTS[turn % len(POSTS)],
    }


def _issued(today: date, dice: Dice, *, expired: bool) -> date:
    """The first day of a certificate that is valid for two more years at least, or ended within the last year."""
    age = CERTIFICATE_DAYS + 1 + dice.below(365) if expired else 1 + dice.below(4 * 365)
    return today - timedelta(days=age)


def _quals(office: Office, dice: Dice) -> list[str]:
    """The office's own qualification and, for three in ten, another; the lead office holds three."""
    start = dice.below(len(QUALS))
    if not office.qual:
        return [QUALS[(start + step) % len(QUALS)] for step in range(3)]
    another = [QUALS[start]] if dice.chance(300) and QUALS[start] != office.qual else []
    return [office.qual, *another]


def _expert(scene: Scene, index: int) -> Row:
    dice = Dice(scene.seed, "expert", index)
    words = WORDS["experts"]
    fields = words["fields"]
    term = dice.below(3 * 365) + 30
    return {
        "expert_no": expert_no(index),
        "name": person(dice),
        "quals": "；".join(dict.fromkeys((fields[index % len(fields)], dice.pick(fields)))),
        "employer": dice.pick(words["employers"]) + MARK,
        "valid_to": (scene.today + timedelta(days=-term if dice.chance(60) else term)).isoformat(),
        "status": "停用" if dice.chance(20) else "在库",
    }
