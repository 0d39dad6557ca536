"""Who of the own registry may be drawn; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from shuangsui import Health, PoolAnswer, PoolExpert, PoolRequest
from shuangsui_experts_roster.options import Options


@dataclass(frozen=True, slots=True)
class Roster:
    """The own registry, without those whose term is too short or whose employer is excluded."""

    options: Options
    name: str = "registry"
    network: bool = False

    def experts(self, request: PoolRequest) -> PoolAnswer:
        """Everybody who may be drawn on that day; nobody is left out for a field."""
        last = request.on + timedelta(days=self.options.min_valid_days)
        kept = [one for one in request.own if one.valid_to is None or one.valid_to >= last]
        excluded = {name.strip() for name in self.options.excluded_employers}
        kept = [one for one in kept if one.employer not in excluded]
        return PoolAnswer(request.on, tuple(self._widened(one) for one in kept))

    def check(self) -> Health:
        """There is nothing to try: the registry is given with the request."""
        return Health(ok=True, message="本机关专家名录随每次冻结读取。")

    def _widened(self, one: PoolExpert) -> PoolExpert:
        pairs = [(field, wider) for field, _, wider in (option.partition("=") for option in self.options.fields)]
        return replace(one, fields=widened(one.fields, pairs))


def widened(fields: Iterable[str], pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """``fields`` and all that they count as, step by step; pairs that go in circles do no harm."""
    pairs, found = list(pairs), list(dict.fromkeys(fields))
    for field in found:
        found += [wider for narrow, wider in pairs if narrow == field and wider not in found]
    return tuple(found)
