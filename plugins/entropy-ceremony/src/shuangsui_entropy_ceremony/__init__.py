"""The witnessed ceremony 现场摇号: balls or dice before an audience, typed in by the supervisor (article 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shuangsui import EntropyEvent, EntropySource, EntropyValue, Health, OutsideFailed, hookimpl

__all__ = ["api", "register_entropy_sources"]

api = 1

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Ceremony:
    """So many physical digits; nothing but the witnesses can show that they fell."""

    name: str = "ceremony"
    kind: Literal["ceremony"] = "ceremony"
    network: bool = False

    def plan(self, name: str, at: datetime, digits: int) -> EntropyEvent:
        """At the time itself."""
        return EntropyEvent(name, self.kind, at, {"digits": digits})

    def fetch(self, event: EntropyEvent) -> EntropyValue:
        """Never: digits that a computer hands over are no ceremony."""
        problem = f"{event.name} 是现场摇号，由监督人员登记"
        raise OutsideFailed("ceremony_typed", permanent=True, problem=problem)

    def verify(self, event: EntropyEvent, value: EntropyValue) -> None:
        """As many digits as planned, and nothing else."""
        if not _DIGITS.fullmatch(value.value) or len(value.value) != event.facts.get("digits") or value.proof:
            problem = f"{event.name} 应为 {event.facts.get('digits')} 个数字"
            raise OutsideFailed("ceremony_digits", permanent=True, problem=problem)

    def check(self) -> Health:
        """There is nothing to connect to."""
        return Health(ok=True, message="现场摇号由监督人员登记，不需要连接外部系统。")


@hookimpl
def register_entropy_sources() -> list[EntropySource]:
    """The same for everybody."""
    return [Ceremony()]
