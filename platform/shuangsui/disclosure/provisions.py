"""适用规则 for the public (R1.1): the texts an authority works by with their dates, every value with its article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuangsui.draws.office import Office
from shuangsui.extension import rulebook
from shuangsui.rules.keys import KEYS
from shuangsui.rules.packs import Header
from shuangsui.rules.policy import Rules, amount

OWN = "own"
"""A pack that binds who lists it; to whom it only comes from above it is advice (R17.1)."""


def page(office: Office, on: date) -> dict[str, Any]:
    """The texts and values as of a day; the digest is the one that plans and tasks keep."""
    packs = {pack.header.id: pack.header for pack in rulebook.packs(office.tree, office.tenant.slug)}
    mine = office.tenant.packs or ()
    rules = office.rules(on)
    texts = [_text(header, packs, advice=header.binds == OWN and header.id not in mine) for header in packs.values()]
    return {"on": on, "digest": rules.digest(), "texts": texts, "values": _values(rules)}


def _text(header: Header, packs: Mapping[str, Header], *, advice: bool) -> dict[str, Any]:
    """Title, number, dates, parent and what it repeals; both readings of an open date."""
    names = ("id", "title", "issuer", "number", "issued", "valid_from", "valid_to", "basis", "source")
    parent = packs.get(header.parent) if header.parent else None
    return {
        **{name: getattr(header, name) for name in names},
        "parent": {"title": parent.title, "number": parent.number} if parent else None,
        "repeals": list(header.repeals),
        "readings": [reading.model_dump() for reading in header.reading],
        "advice": advice,
    }


def _values(rules: Rules) -> list[dict[str, Any]]:
    """What is in force, in the order of the reference."""
    found = [(KEYS[key], rules[key]) for key in KEYS if key in rules]
    return [
        {
            "key": spec.key, "meaning": spec.description, "value": amount(value.value, spec.unit),
            "plain": list(value.value) if isinstance(value.value, tuple) else value.value, "unit": spec.unit,
            "basis": value.basis, "text": value.text,
        }
        for spec, value in found
    ]  # fmt: skip
