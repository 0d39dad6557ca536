"""Files become the state of a registry: all rows or none, with every change kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from shuangsui.db import move_clock
from shuangsui.errors import BadInput, NotAllowed, RowErrors
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry import history, read
from shuangsui.registry.intake import BATCH
from shuangsui.registry.read import ExpertEntry, InspectorEntry, InterestEntry, ObjectEntry
from shuangsui.registry.service import Imported, import_file
from shuangsui.registry.tables import RegistryImport

from .conftest import CODES, FIRMS


def take(scope, path, kind="objects", tenant="chongqing", **options) -> Imported:
    """Import in a transaction of its own."""
    with scope(tenant) as session:
        return import_file(session, kind, path, actor="lead", **options)


def counts(done: Imported) -> tuple[int, int, int, int]:
    """Rows of the file, added, changed, removed."""
    return done.rows, done.added, done.changed, done.removed


def codes(scope, tenant="chongqing") -> list[str]:
    """What is in the registry of objects."""
    with scope(tenant) as session:
        return [entry.code for entry in read.objects_of(session)]


def altered_row(name: str) -> list[str]:
    """The first firm under another name."""
    return [FIRMS[0][0], name, *FIRMS[0][2:]]


@pytest.mark.parametrize("name", ["名录.csv", "名录.xlsx"])
def test_first_file_fills_the_registry(scope, write, name):
    """Every column arrives as planning and draws read it, from CSV and workbook alike."""
    assert counts(take(scope, write("objects", name=name))) == (3, 3, 0, 0)
    with scope("chongqing") as session:
        entries = list(read.objects_of(session))
    flag = {"kind": "penalty", "source": "应急局", "since": "2026-01-05", "until": "2027-01-05"}
    assert [entry.name for entry in entries] == ["甲有限公司（模拟）", "乙有限公司（模拟）", "丙有限公司（模拟）"]
    assert entries[0] == ObjectEntry(
        CODES[0], "甲有限公司（模拟）", "渝北区", None, "C", "2671", None, ["JX-01", "JX-02"], [flag], "active"
    )
    assert [(entry.gate, entry.industry, entry.status) for entry in entries[1:]] == [
        (None, None, "active"),
        (None, "0610", "deregistered"),
    ]


def test_r6_1_objects_of_one_item(scope, write):
    """An object belongs to the items its row names."""
    take(scope, write("objects"))
    with scope("chongqing") as session:
        assert [entry.code for entry in read.objects_of(session, "JX-03")] == CODES[1:3]
        assert list(read.objects_of(session, "JX-0")) == []


def test_people_and_interests_arrive(scope, write):
    """The three registries of people, with every column."""
    take(scope, write("objects"))
    take(scope, write("inspectors", [["Z1", "张三", "一处", "民爆、无线电", "是", "2027-05-01"]]), "inspectors")
    take(scope, write("experts", [["E1", "李四", "稀土", ""]]), "experts")
    rows = [
        ["执法检查人员", "Z1", CODES[0], "持股", "2025-01-01", "本人申报"],
        ["专家", "E1", CODES[1], "其他", "", ""],
    ]
    assert take(scope, write("interests", rows), "interests").warnings == []
    with scope("chongqing") as session:
        assert list(read.inspectors(session)) == [
            InspectorEntry("Z1", "张三", "一处", ["民爆", "无线电"], True, None, date(2027, 5, 1), "on_duty")
        ]
        assert list(read.experts(session)) == [ExpertEntry("E1", "李四", ["稀土"], None, None, "active")]
        assert list(read.interests(session)) == [
            InterestEntry("expert", "E1", CODES[1], "other", None, None, None),
            InterestEntry("inspector", "Z1", CODES[0], "shareholding", date(2025, 1, 1), None, "本人申报"),
        ]
        assert read.sizes(session) == {"objects": 3, "inspectors": 1, "experts": 1, "interests": 2}


def test_interest_that_names_nobody_is_told(scope, write):
    """It would recuse no one; the file is taken all the same."""
    take(scope, write("objects"))
    done = take(scope, write("interests", [["专家", "E9", CODES[3], "持股", "", ""]]), "interests")
    assert [(warning.row, warning.column, warning.code) for warning in done.warnings] == [
        (2, "人员编号", "interest_person_unknown"),
        (2, "统一社会信用代码", "interest_object_unknown"),
    ]
    assert counts(done) == (1, 1, 0, 0)


def test_file_is_the_whole_registry(scope, write):
    """Rows are added, changed and, where the file lacks them, removed."""
    take(scope, write("objects"))
    fourth = [CODES[3], *FIRMS[1][1:]]
    done = take(scope, write("objects", [altered_row("甲股份公司（模拟）"), FIRMS[1], fourth]))
    assert counts(done) == (3, 1, 1, 1)
    assert codes(scope) == [CODES[0], CODES[1], CODES[3]]
    assert [(change.key, change.kind) for change in done.first] == [
        (CODES[0], "changed"),
        (CODES[3], "added"),
        (CODES[2], "removed"),
    ]


def test_partial_file_leaves_other_rows_alone(scope, write):
    """Only what it names is touched."""
    take(scope, write("objects"))
    done = take(scope, write("objects", [altered_row("甲股份公司（模拟）")]), partial=True)
    assert counts(done) == (1, 0, 1, 0)
    assert codes(scope) == CODES[:3]


def test_r6_4_identical_file_changes_nothing_and_refreshes_the_feed(scope, write):
    """Zero differences, and still an import with its time."""
    take(scope, write("objects"))
    with scope("chongqing") as session:
        move_clock(session, timedelta(days=3))
    assert counts(take(scope, write("objects", FIRMS[::-1]))) == (3, 0, 0, 0)
    with scope("chongqing") as session:
        last = history.last_import(session, "objects")
        imports = session.exec(select(RegistryImport)).all()
        assert (last.rows, last.added, last.changed, last.removed, len(imports)) == (3, 0, 0, 0, 2)
        assert last.at - min(one.at for one in imports) >= timedelta(days=3)
        assert history.last_import(session, "experts") is None


def test_object_that_comes_back_is_added_again(scope, write):
    """A removed row is no longer in the registry; its key is free."""
    take(scope, write("objects"))
    take(scope, write("objects", FIRMS[:2]))
    assert counts(take(scope, write("objects"))) == (3, 1, 0, 0)


def test_one_bad_row_refuses_the_file_with_every_error(scope, write):
    """Nothing of it is taken; all faults are named with row, column and code."""
    take(scope, write("objects"))
    bad = [["91500000MAXX00007D", "", *FIRMS[0][2:]], [*FIRMS[1][:6], "不详"], [CODES[3], *FIRMS[2][1:]]]
    with pytest.raises(RowErrors) as refused:
        take(scope, write("objects", bad))
    assert [(error.row, error.column, error.code) for error in refused.value.errors] == [
        (2, "统一社会信用代码", "uscc_check"),
        (2, "名称", "required_empty"),
        (3, "状态", "bad_choice"),
    ]
    assert refused.value.params["rows"] == 3
    assert codes(scope) == CODES[:3]


def test_failure_after_the_first_batch_leaves_nothing(scope, write):
    """The file changes while it is read for the second time: all rows or none."""
    path = write("objects")

    def tamper(stage: str, done: int, total: int | None) -> None:
        if stage == "write":
            path.write_text(path.read_text(encoding="utf-8").replace("甲", "戊"), encoding="utf-8")

    with pytest.raises(BadInput) as refused:
        take(scope, path, on_progress=tamper)
    assert refused.value.code == "file_changed"
    with scope("chongqing") as session:
        assert (list(read.objects_of(session)), session.exec(select(RegistryImport)).all()) == ([], [])


def test_dry_run_tells_the_differences_and_writes_nothing(scope, write):
    """It works in a session that cannot write."""
    take(scope, write("objects"))
    with scope("chongqing", readonly=True) as session:
        path = write("objects", [altered_row("甲股份公司（模拟）")])
        done = import_file(session, "objects", path, actor="lead", dry_run=True)
    assert counts(done) == (1, 0, 1, 2)
    with scope("chongqing") as session:
        assert next(read.objects_of(session)).name == "甲有限公司（模拟）"
        assert len(session.exec(select(RegistryImport)).all()) == 1


def test_import_writes_one_ledger_entry(scope, write):
    """Who took in which bytes, to what effect."""
    take(scope, write("objects"))
    with scope("chongqing") as session:
        entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "registry.import")).one()
        done = session.exec(select(RegistryImport)).one()
    assert (entry.actor, entry.subject) == ("lead", "objects")
    assert entry.payload == (
        '{"added":3,"changed":0,"kind":"objects","partial":false,"removed":0,"rows":3,'
        f'"sha256":"{done.sha256}","source":"名录.csv"}}'
    )


def test_import_needs_the_verb(scope, write):
    """A leader approves and imports nothing."""
    with pytest.raises(NotAllowed) as refused, scope("chongqing") as session:
        import_file(session, "objects", write("objects"), actor="leader")
    assert refused.value.code == "not_allowed"


def test_items_are_no_registry(scope, write):
    """They are the catalogue's to take."""
    with pytest.raises(BadInput) as refused:
        take(scope, write("objects"), "items")
    assert refused.value.code == "kind_unknown"


def test_registries_of_two_tenants_do_not_meet(scope, write):
    """The same codes stand in both; removing one's rows leaves the other's."""
    take(scope, write("objects"))
    assert counts(take(scope, write("objects"), tenant="liangjiang")) == (3, 3, 0, 0)
    take(scope, write("objects", FIRMS[:1]), tenant="liangjiang")
    assert (codes(scope), codes(scope, "liangjiang")) == (CODES[:3], CODES[:1])


def test_large_file_is_compared_and_removed_in_batches(scope, write):
    """More rows than one batch holds, changed and removed across its border."""
    people = [[f"Z{n:05d}", "张三", "一处", "", "否", "2027-05-01"] for n in range(2 * BATCH + 3)]
    seen: list[tuple[str, int, int | None]] = []
    first = take(scope, write("inspectors", people), "inspectors", on_progress=lambda *told: seen.append(told))
    assert counts(first) == (2 * BATCH + 3, 2 * BATCH + 3, 0, 0)
    assert seen[-1] == ("write", 2 * BATCH + 3, 2 * BATCH + 3)
    assert ("check", 10_000, 2 * BATCH + 3) in seen
    fewer = [[number, "李四", *rest] for number, _, *rest in people[-(BATCH + 1) :]]
    assert counts(take(scope, write("inspectors", fewer), "inspectors")) == (BATCH + 1, 0, BATCH + 1, BATCH + 2)
    with scope("chongqing") as session:
        assert {entry.name for entry in read.inspectors(session)} == {"李四"}
