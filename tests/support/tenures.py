"""A municipality that decides about one of its districts, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from authority import Authority
from shuangsui.errors import ShuangsuiError
from shuangsui.succession import deciding
from shuangsui.succession.handing import EVERYTHING, hand_over
from shuangsui.succession.policy import Chosen, Wanted
from shuangsui.tenancy.tenure import Turn

DISTRICT, FIRST, SECOND = "yuzhong", "nanan", "beibei"
DOCUMENT = "渝办〔2026〕1号（模拟）"


@dataclass
class City:
    """Whoever decides, and whoever is decided about."""

    city: Authority
    district: Authority

    def wanted(self, turn: Turn, *into: str, days: int = 0, subject: str = DISTRICT) -> Wanted:
        """A decision in force in so many days."""
        return Wanted(turn, (subject,), self.city.today + timedelta(days=days), DOCUMENT, "机构改革", into)

    def proposed(self, turn: Turn, *into: str, days: int = 0, by: str = "lead") -> str:
        """Its number."""
        with self.city.session() as session:
            wanted = self.wanted(turn, *into, days=days)
            return deciding.propose(session, self.city.office.tree, wanted, actor=by).no

    def approved(self, no: str, by: str = "leader") -> Any:
        """Carried out."""
        city = self.city
        return deciding.approve(city.engine, city.slug, no, city.office.keyring, actor=by)

    def decided(self, turn: Turn, *into: str, days: int = 0) -> None:
        """By two people."""
        self.approved(self.proposed(turn, *into, days=days))

    def hand_over(self, to: str, target: Path, chosen: Chosen = EVERYTHING, by: str = "lead") -> None:
        """The district's registries, or a part of them, into a file."""
        district = self.district
        hand_over(district.engine, DISTRICT, district.office.keyring, to, target, actor=by, chosen=chosen)


def code_of(act: Any, *arguments: Any, **options: Any) -> str:
    """The code of a refusal; empty if there was none."""
    try:
        act(*arguments, **options)
    except ShuangsuiError as error:
        return error.code
    return ""
