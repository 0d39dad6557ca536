"""Which public events a plan has: those of the sources that the rules name, each checked against srd-1 (5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fairdraw import plan as plans
from fairdraw.failures import Failure
from shuangsui.draws.calling import Call
from shuangsui.draws.drafting import Timing, protocol_time
from shuangsui.draws.office import Office
from shuangsui.entropy import EntropyEvent
from shuangsui.errors import BadInput, OutsideFailed, RuleRefused
from shuangsui.extension.isolation import Absent, LoadedSource
from shuangsui.rules.policy import Rules
from shuangsui.said import say

MEMBERS = ("name", "kind", "at")
"""What every event of a plan has; the others are the facts of its kind."""
LEAST_DIGITS = 20


def timing(call: Call, office: Office, rules: Rules, no: str) -> Timing:
    """The events of draw ``no`` in the order of their times, since they enter the log in the plan's order.

    :class:`RuleRefused` ``entropy_source_missing``, :class:`OutsideFailed` for a source that plans what no verifier
    would accept.
    """
    offered = office.entropy()
    chosen = [chosen_of(offered, name) for name in rules.names("draw.entropy")]
    made = sorted((_planned(source, call, no) for source in chosen), key=lambda event: str(event["at"]))
    by = protocol_time(call.reveal_by)
    if by <= made[-1]["at"]:
        raise BadInput("timing_invalid", reveal_by=by, at=made[-1]["at"])
    _require_lawful(made, by, "、".join(dict.fromkeys(source.plugin for source in chosen)))
    _require_digits(made, rules.number("draw.min_ceremony_digits"))
    return Timing(made, call.reveal_by)


def source_of(office: Office, event: Mapping[str, Any]) -> LoadedSource:
    """The source that planned an event; it may have been switched off since."""
    return chosen_of(office.entropy(), source_name(event))


def is_typed(office: Office, event: Mapping[str, Any]) -> bool:
    """Whether people type its value, as far as its source can say at this moment."""
    known = [one for one in office.entropy() if isinstance(one, LoadedSource) and one.name == source_name(event)]
    return any(not one.network for one in known)


def source_name(event: Mapping[str, Any]) -> str:
    """An event is called after its source and its draw."""
    return str(event["name"]).rpartition("/")[0]


def as_event(event: Mapping[str, Any]) -> EntropyEvent:
    """An event of a plan as its source planned it."""
    facts = {name: value for name, value in event.items() if name not in MEMBERS}
    return EntropyEvent(event["name"], event["kind"], time_of(event), facts)


def time_of(event: Mapping[str, Any]) -> datetime:
    """The earliest time of an event of a plan, UTC."""
    return datetime.fromisoformat(event["at"]).astimezone(UTC)


def chosen_of(offered: Sequence[LoadedSource | Absent], name: str) -> LoadedSource:
    """The one source of this name; the failure of a plugin that may have it, if nobody else has."""
    found = [one for one in offered if isinstance(one, LoadedSource) and one.name == name]
    if len(found) > 1:
        raise RuleRefused("entropy_source_twice", source=name, plugins="、".join(one.plugin for one in found))
    if found:
        return found[0]
    for one in offered:
        if isinstance(one, Absent):
            raise one.error
    raise RuleRefused("entropy_source_missing", source=name, known="、".join(one.name for one in offered) or "（无）")


def _planned(source: LoadedSource, call: Call, no: str) -> dict[str, Any]:
    at = call.event_at.astimezone(UTC).replace(microsecond=0)
    event = source.plan(f"{source.name}/{no}", at, call.digits)
    if event.at < at:
        raise _refused(
            source.plugin, say("{name} 早于 {protocol_time}", name=event.name, protocol_time=protocol_time(at))
        )
    return {"name": event.name, "kind": event.kind, "at": protocol_time(event.at), **event.facts}


def _require_lawful(made: Sequence[Mapping[str, Any]], reveal_by: str, plugins: str) -> None:
    """A plugin never brings an event into a plan that the verifier refuses."""
    try:
        plans.check_events({"events": list(made), "reveal_by": reveal_by})
    except Failure as failure:
        raise _refused(plugins, failure.detail) from failure


def _require_digits(made: Sequence[Mapping[str, Any]], least: int) -> None:
    least = max(LEAST_DIGITS, least)
    for event in made:
        if event["kind"] == "ceremony" and event["digits"] < least:
            raise RuleRefused("ceremony_digits", article="第八条", digits=event["digits"], least=least)


def _refused(plugins: str, detail: str) -> OutsideFailed:
    return OutsideFailed("entropy_event_refused", permanent=True, plugin=plugins, detail=detail)
