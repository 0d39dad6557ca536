"""Every field that leaves the authority is classified (context 2.9)."""

from __future__ import annotations

import dataclasses

from shuangsui import disclosed, notified
from shuangsui.notification.tables import Notification, Recipient

PERSONAL = {
    "DisclosedObject": {"name"},
    "DisclosedOfficer": {"name", "certificate"},
}
PLAIN = {
    "Authority": {"slug", "name", "code", "area"},
    "DisclosedObject": {"code", "is_uscc", "sole_owner", "address", "area"},
    "DisclosedItem": {"code", "name", "grounds", "codes"},
    "DisclosedOfficer": set(),
    "RoundContent": {
        "plan_id", "plan_name", "draw_no", "item", "method", "ratio", "eligible", "drawn", "inspected", "drawn_on",
        "directed", "transcript",
    },
    "WithheldContent": {"number", "item_name", "draw_no", "basis"},
    "NoticeContent": {"recipients", "basis", "scope", "result"},
    "DisclosedFinding": {"category", "text", "code"},
    "ResultContent": {
        "plan_id", "plan_name", "draw_no", "task_no", "task_name", "type", "mode", "object", "item", "findings",
        "follow_up", "ended_at", "officers", "directed", "follows",
    },
    "DecisionContent": {
        "kind", "number", "name", "object", "category", "content", "decided_on", "maker", "maker_code", "source",
        "source_code", "valid_until", "violation", "facts", "basis", "fine", "confiscated", "revoked", "certificate",
        "remark",
    },
    "Disclosed": {"authority", "key", "revision", "action", "content", "published_on", "until", "note"},
    "Package": {"external_id", "revision", "action", "name", "media_type", "data"},
}  # fmt: skip


MESSAGE = {"id", "level", "title", "text", "link", "at"}
RECEIPT = {"notifier", "message", "reference", "at"}


def test_every_field_of_what_is_disclosed_is_personal_or_plain():
    """A new field cannot go out before somebody has said which it is."""
    values = [one for one in vars(disclosed).values() if dataclasses.is_dataclass(one)]
    own = [one for one in values if one.__module__ == disclosed.__name__]
    assert {one.__name__ for one in own} == set(PLAIN)
    for one in own:
        marked = {f.name for f in dataclasses.fields(one) if f.metadata == disclosed.PERSONAL}
        assert marked == PERSONAL.get(one.__name__, set()), one.__name__
        assert {f.name for f in dataclasses.fields(one)} - marked == PLAIN[one.__name__], one.__name__


def test_address_is_the_only_personal_field_of_a_message():
    """And no row but the one it is kept in has a place for it; neither shows it when it is printed."""
    kinds = {kind.__name__: kind for kind in vars(notified).values() if dataclasses.is_dataclass(kind)}
    kinds = {name for name, kind in kinds.items() if kind.__module__ == notified.__name__}
    assert kinds == {"Message", "MessageReceipt", "MessageReport"}
    fields = {field.name: field for field in dataclasses.fields(notified.Message)}
    assert {name for name, field in fields.items() if field.metadata == disclosed.PERSONAL} == {"address"}
    assert (set(fields) - {"address"}, fields["address"].repr) == (MESSAGE, False)
    assert {field.name for field in dataclasses.fields(notified.MessageReceipt)} == RECEIPT
    assert [name for name in Notification.model_fields if "address" in name] == []
    assert [name for name, field in Recipient.model_fields.items() if not field.repr] == ["addresses"]
