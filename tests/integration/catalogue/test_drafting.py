"""Work on the draft: files, edits by hand, confirmations, items held back."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from shuangsui.catalogue import service, versions, views
from shuangsui.catalogue.tables import Item, ItemList
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry import history

from .conftest import BLAST, SALT


def items(bureau) -> dict[str, Item]:
    """The items of the newest version by code."""
    with bureau.scope("chongqing") as session:
        return {item.code: item for item in versions.items_of(session, versions.version(session))}


def altered(row: list[str], column: int, value: str) -> list[str]:
    """``row`` with another cell."""
    return [*row[:column], value, *row[column + 1 :]]


def test_items_are_listed_in_the_order_of_their_numbers(bureau):
    """JX-2 stands before JX-10."""
    bureau.take(BLAST, SALT)
    assert list(items(bureau)) == ["JX-2", "JX-10"]


def test_second_file_changes_the_same_draft(bureau):
    """One draft at a time, with a diff as of every registry."""
    bureau.take(SALT, BLAST)
    done = bureau.take(altered(SALT, 7, "不超过10%"), altered(BLAST, 0, "JX-11"))
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert {code: item.ratio_text for code, item in items(bureau).items()} == {"JX-2": "不超过10%", "JX-11": "100%"}
    with bureau.scope("chongqing") as session:
        assert [one.number for one in versions.versions(session)] == [1]
        past = [(one.key, one.change) for one in history.changes_between(session, "items", key="JX-2")]
        assert past == [("JX-2", "added"), ("JX-2", "changed")]


def test_r4_1_item_changed_by_a_file_must_be_confirmed_again(bureau):
    """What the file left alone stays confirmed."""
    bureau.take(SALT, BLAST)
    bureau.do(service.confirm, actor="business")
    bureau.take(altered(SALT, 7, "不超过10%"), BLAST)
    assert {code: item.confirmed_by for code, item in items(bureau).items()} == {"JX-2": None, "JX-10": "business"}


def test_r4_1_item_edited_by_hand_must_be_confirmed_again(bureau):
    """From and to are in the ledger; the rule follows the new wording."""
    bureau.take(SALT)
    bureau.do(service.confirm, ["JX-2"], actor="business")
    bureau.do(service.set_field, "JX-2", "抽查比例", "不超过5%", actor="lead")
    salt = items(bureau)["JX-2"]
    assert (salt.ratio_text, salt.ratio["clauses"][0]["max"], salt.confirmed_by) == ("不超过5%", "1/20", None)
    with bureau.scope("chongqing") as session:
        entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "catalogue.set")).one()
    payload = json.loads(entry.payload)
    assert (payload["from"]["ratio_text"], payload["to"]["ratio_text"]) == ("不超过20%", "不超过5%")


def test_file_that_says_what_was_edited_by_hand_keeps_the_confirmation(bureau):
    """The content counts, not how it came."""
    bureau.take(SALT)
    bureau.do(service.set_field, "JX-2", "抽查比例", "不超过5%", actor="lead")
    bureau.do(service.confirm, actor="business")
    done = bureau.take(altered(SALT, 7, "不超过5%"))
    assert (done.changed, items(bureau)["JX-2"].confirmed_by) == (0, "business")


def test_reading_of_a_wording_survives_the_same_file(bureau):
    """A person has said what 根据实际情况确定 means; the wording stays as it is."""
    vague = altered(SALT, 7, "根据实际情况确定")
    bureau.take(vague)
    assert items(bureau)["JX-2"].attention == ["ratio_unparsed"]
    bureau.do(service.set_field, "JX-2", "ratio_reading", "不超过5%", actor="lead")
    assert bureau.take(vague).changed == 0
    salt = items(bureau)["JX-2"]
    assert (salt.ratio_text, salt.ratio["clauses"][0]["max"], salt.attention) == ("根据实际情况确定", "1/20", [])


def test_confirm_all_leaves_held_items_alone(bureau):
    """A held item is none of this version."""
    bureau.take(SALT, BLAST)
    bureau.do(service.hold, "JX-10", "等文件", actor="lead")
    assert [item.code for item in bureau.do(service.confirm, actor="business")] == ["JX-2"]
    bureau.do(service.release, "JX-10", actor="lead")
    assert [item.code for item in bureau.do(service.confirm, actor="business")] == ["JX-10"]


def test_hold_needs_a_reason(bureau):
    """The next reader wants to know."""
    bureau.take(SALT)
    with pytest.raises(BadInput) as refused:
        bureau.do(service.hold, "JX-2", " ", actor="lead")
    assert refused.value.code == "reason_required"


def test_unknown_item_is_named(bureau):
    """With the version that does not have it."""
    bureau.take(SALT)
    with pytest.raises(NotFound) as refused:
        bureau.do(service.confirm, ["JX-9"], actor="business")
    assert (refused.value.code, refused.value.params) == ("item_missing", {"item": "JX-9", "version": 1})


def test_nothing_to_confirm_without_a_draft(bureau):
    """Nobody has imported a list."""
    with pytest.raises(RuleRefused) as refused:
        bureau.do(service.confirm, actor="business")
    assert refused.value.code == "no_list"


def test_dry_run_opens_no_draft(bureau):
    """Nor does it write anything else."""
    assert bureau.take(SALT, dry_run=True).added == 1
    with bureau.scope("chongqing") as session:
        assert session.exec(select(ItemList)).all() == []


@pytest.mark.parametrize(
    ("use_case", "args", "actor"),
    [
        (service.set_field, ("JX-2", "备注", "x"), "leader"),
        (service.confirm, (), "lead"),
        (service.hold, ("JX-2", "等"), "inspector"),
        (service.release, ("JX-2",), "inspector"),
    ],
)
def test_work_on_the_draft_needs_its_verb(bureau, use_case, args, actor):
    """Confirmation belongs to the business office alone."""
    bureau.take(SALT)
    with pytest.raises(NotAllowed):
        bureau.do(use_case, *args, actor=actor)


def test_questions_are_sentences_with_the_wording(bureau):
    """For whoever has to answer them."""
    bureau.take(altered(SALT, 8, "视情况而定"))
    assert views.questions(items(bureau)["JX-2"]) == [
        "事项JX-2的抽查频次“视情况而定”不能自动读成次数，已按原文保留：请人工填写次数和周期。"
    ]
