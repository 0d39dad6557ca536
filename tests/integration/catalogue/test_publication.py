"""Confirm, approve, publish (article 4), version after version (article 5, last paragraph)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType

import pytest
from sqlalchemy import update

from shuangsui.access.policy import Role
from shuangsui.access.service import grant
from shuangsui.catalogue import service, versions
from shuangsui.catalogue.service import ListRefused
from shuangsui.catalogue.tables import Item
from shuangsui.db import move_clock, now
from shuangsui.errors import BadInput, NotAllowed, RuleRefused
from shuangsui.registry.policy import canonical
from shuangsui.rules.policy import Rules

from .conftest import BLAST, SALT
from .test_drafting import altered, items


def refusal(bureau, use_case, *args, **options) -> tuple[str, str | None]:
    """Code and article of what refuses."""
    with pytest.raises(RuleRefused) as refused:
        bureau.do(use_case, *args, **options)
    return refused.value.code, refused.value.article


def states(bureau) -> list[tuple[int, str]]:
    """Number and state of every version, the newest first."""
    with bureau.scope("chongqing") as session:
        return [(one.number, str(one.state)) for one in versions.versions(session)]


def test_r4_1_unconfirmed_item_keeps_the_list_from_the_leader(bureau):
    """Its business office has not agreed."""
    bureau.take(SALT, BLAST)
    bureau.do(service.confirm, ["JX-2"], actor="business")
    with pytest.raises(ListRefused) as refused:
        bureau.submit()
    (error,) = refused.value.errors
    assert (error.row, error.code) == (2, "item_unconfirmed")
    assert error.message.endswith("（依据：第四条）")


def test_r4_1_only_the_lead_office_submits(bureau):
    """A business office helps to write the list, the lead office puts it before the leader."""
    bureau.take(SALT)
    assert refusal(bureau, service.submit, actor="business", rules=bureau.rules, level="municipal") == (
        "lead_office_only", "第四条",
    )  # fmt: skip


def test_r4_2_draft_cannot_be_published(bureau):
    """Neither before it is submitted nor before it is approved."""
    bureau.take(SALT)
    publish = {"actor": "lead", "rules": bureau.rules}
    assert refusal(bureau, service.publish, **publish)[0] == "list_state"
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    assert refusal(bureau, service.publish, **publish)[0] == "list_state"


def test_r4_2_published_version_names_approval_date_and_digest(bureau):
    """The public sees the role; the digest can be recomputed from what is published."""
    bureau.take(SALT, BLAST)
    published = bureau.publish()
    view = bureau.do(service.published_view)
    assert (view["version"], view["state"], view["approver_role"]) == (1, "published", "委领导")
    assert view["published_at"] == published.published_at.isoformat()
    assert view["digest"] == sha256(canonical(view["items"])).hexdigest() == published.digest
    assert [item["code"] for item in view["items"]] == ["JX-2", "JX-10"]
    assert "leader" not in str(view)


def test_nothing_is_published_before_the_first_list(bureau):
    """The page then says so."""
    bureau.take(SALT)
    assert bureau.do(service.published_view) is None


def test_r4_4_who_proposed_the_list_cannot_approve_it(bureau):
    """Even with the leader's role."""
    bureau.do(grant, "lead", Role.LEADER, by="guard")
    bureau.take(SALT)
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    with pytest.raises(NotAllowed) as refused:
        bureau.do(service.approve, actor="lead", rules=bureau.rules)
    assert refused.value.code == "same_person"


def test_every_step_is_in_the_ledger(bureau):
    """Who did what, in order."""
    bureau.take(SALT)
    bureau.publish()
    assert bureau.acts() == [
        ("lead", "registry.import", "items"),
        ("business", "catalogue.confirm", "item_list/1"),
        ("lead", "catalogue.submit", "item_list/1"),
        ("leader", "catalogue.approve", "item_list/1"),
        ("lead", "catalogue.publish", "item_list/1"),
    ]


def test_submitted_list_cannot_be_changed(bureau):
    """By file or by hand; the leader decides about what was submitted."""
    bureau.take(SALT)
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    assert refusal(bureau, service.import_items, bureau.file(BLAST), actor="lead")[0] == "list_locked"
    assert refusal(bureau, service.set_field, "JX-2", "备注", "x", actor="lead")[0] == "list_locked"
    assert refusal(bureau, service.hold, "JX-2", "等", actor="lead")[0] == "list_locked"


def test_list_sent_back_is_a_draft_again(bureau):
    """With a reason; confirmations stand."""
    bureau.take(SALT)
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    with pytest.raises(BadInput):
        bureau.do(service.give_back, "", actor="leader")
    assert bureau.do(service.give_back, "比例偏高", actor="leader").state == "draft"
    assert bureau.submit().state == "submitted"


def test_list_changed_behind_the_leaders_back_is_not_approved(bureau, database):
    """A row altered in the database no longer fits the digest that was submitted."""
    bureau.take(SALT)
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    with database.by_hand() as connection:
        connection.execute(update(Item.__table__).values(ratio_text="不超过90%"))
    assert refusal(bureau, service.approve, actor="leader", rules=bureau.rules)[0] == "list_tampered"


def test_empty_list_is_not_submitted(bureau):
    """Everything is held."""
    bureau.take(SALT)
    bureau.do(service.hold, "JX-2", "等", actor="lead")
    assert refusal(bureau, service.submit, actor="lead", rules=bureau.rules, level="municipal")[0] == "list_empty"


def test_r5_7_next_version_starts_from_the_one_in_force(bureau):
    """Unchanged items stay confirmed; the earlier version stays as it was."""
    bureau.take(SALT, BLAST)
    first = bureau.publish()
    bureau.do(service.set_field, "JX-2", "抽查比例", "不超过10%", actor="lead")
    assert {code: item.confirmed_by for code, item in items(bureau).items()} == {"JX-2": None, "JX-10": "business"}
    second = bureau.publish()
    assert states(bureau) == [(2, "published"), (1, "superseded")]
    with bureau.scope("chongqing") as session:
        kept = versions.items_of(session, versions.version(session, 1))
        assert [item.ratio_text for item in kept] == ["不超过20%", "100%"]
        assert [item.ratio_text for item in versions.items_of(session, second)] == ["不超过10%", "100%"]
    assert first.digest != second.digest


def test_held_item_waits_in_the_draft_of_the_next_version(bureau):
    """It is on no published list; the next draft has it beside the items in force."""
    bureau.take(SALT, BLAST)
    bureau.do(service.hold, "JX-10", "等文件", actor="lead")
    bureau.publish()
    assert [item["code"] for item in bureau.do(service.published_view)["items"]] == ["JX-2"]
    assert states(bureau) == [(2, "draft"), (1, "published")]
    assert {code: item.held for code, item in items(bureau).items()} == {"JX-2": None, "JX-10": "等文件"}


def test_r2_2_item_that_was_taken_off_the_list_cannot_be_drawn(bureau):
    """The version that lacks it is named."""
    bureau.take(SALT, BLAST)
    bureau.publish()
    bureau.take(SALT)
    assert bureau.do(service.item_in_force, "JX-10").name == "民爆检查"
    bureau.publish()
    with pytest.raises(RuleRefused) as refused:
        bureau.do(service.item_in_force, "JX-10")
    assert (refused.value.code, refused.value.article) == ("item_not_in_force", "第二条")
    assert refused.value.params == {"item": "JX-10", "version": "第 2 版"}


def test_r5_8_approved_but_unpublished_item_cannot_be_drawn(bureau):
    """Nor one of a draft, nor a held one."""
    bureau.take(SALT)
    assert refusal(bureau, service.item_in_force, "JX-2")[0] == "item_unpublished"
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    bureau.do(service.approve, actor="leader", rules=bureau.rules)
    assert refusal(bureau, service.item_in_force, "JX-2") == ("item_unpublished", "第四条")
    bureau.do(service.publish, actor="lead", rules=bureau.rules)
    assert bureau.do(service.item_in_force, "JX-2").code == "JX-2"


def test_version_in_force_on_a_day(bureau):
    """The day of Shanghai on which it was published counts."""
    days: list[date] = []
    for ratio in ("不超过20%", "不超过10%"):
        bureau.take(altered(SALT, 7, ratio))
        moment = bureau.publish().published_at
        days.append((moment + timedelta(hours=8)).date())
        bureau.do(move_clock, timedelta(days=10))
    numbers = [bureau.do(service.in_force, on) for on in (days[0] - timedelta(days=1), days[0], days[1])]
    assert [found and found.number for found in numbers] == [None, 1, 2]
    assert bureau.do(service.in_force).number == 2
    assert bureau.do(now) > bureau.do(service.in_force).published_at


def test_r17_1_district_without_leaders_approval_publishes_what_was_submitted(bureau):
    """Its own rule says so; the view then names no approver."""
    own = (replace(bureau.rules["list.leader_approval"], value=False),)
    rules = Rules(bureau.rules.on, MappingProxyType({**bureau.rules.ladders, "list.leader_approval": own}))
    bureau.take(SALT)
    bureau.do(service.confirm, actor="business")
    bureau.submit()
    bureau.do(service.publish, actor="lead", rules=rules)
    assert bureau.do(service.published_view)["approver_role"] is None


def test_lists_of_two_tenants_do_not_meet(bureau):
    """The other tenant has none."""
    bureau.take(SALT)
    bureau.publish()
    with bureau.scope("liangjiang") as session:
        assert (versions.versions(session), service.in_force(session)) == ([], None)
        with pytest.raises(RuleRefused) as refused:
            service.item_in_force(session, "JX-2")
    assert refused.value.params == {"item": "JX-2", "version": "尚无"}
