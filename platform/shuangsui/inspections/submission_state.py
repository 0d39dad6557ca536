"""A record's ``merge`` column: who wrote which field, and which submissions wait for a person (R13.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangsui.inspections.submission_policy import FACTS, Fields, Past, flat, nested, stamped
from shuangsui.inspections.tables import InspectionRecord

Waiting = dict[str, list[str]]
"""Id of a submission → the fields in which it contradicts the record."""


def fields_of(record: InspectionRecord) -> dict[str, Any]:
    """The record's present values by field."""
    return flat({"answers": record.answers, FACTS: record.facts})


def pasts_of(record: InspectionRecord) -> dict[str, Past]:
    """Where they came from."""
    return {name: Past.of(past) for name, past in record.merge.get("fields", {}).items()}


def waiting_in(record: InspectionRecord) -> Waiting:
    """The conflicts that nobody has decided yet."""
    return dict(record.merge.get("open", {}))


def put(record: InspectionRecord, fields: Fields, pasts: Mapping[str, Past], waiting: Waiting) -> None:
    """Change the record; columns get new values, for the session does not see changes within them."""
    content = nested(fields)
    record.answers, record.facts = content["answers"], content.get(FACTS, record.facts)
    record.merge = {"fields": {name: past.as_dict() for name, past in pasts.items()}, "open": dict(waiting)}


def written(record: InspectionRecord, content: Mapping[str, Any]) -> None:
    """Note that a person who saw the record wrote ``content``, as its present revision."""
    put(record, fields_of(record), stamped(pasts_of(record), flat(content), record.revision), waiting_in(record))
