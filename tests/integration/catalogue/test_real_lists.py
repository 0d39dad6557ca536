"""The two real lists: every row becomes a draft, and what is not lawful shows when it is submitted."""

from __future__ import annotations

import csv

import pytest

from shuangsui.catalogue import service, versions
from shuangsui.catalogue.service import ListRefused

LISTS = [("items-miit-sample.csv", 16), ("items-zhejiang-a.csv", 40)]


def drafted(bureau, path):
    """The items of the draft after the import."""
    done = bureau.do(service.import_items, path, actor="lead")
    with bureau.scope("chongqing") as session:
        return done, versions.items_of(session, versions.working(session))


def column(path, name):
    """One column of the file as it stands there."""
    with path.open(encoding="utf-8-sig") as stream:
        return [row[name] for row in csv.DictReader(stream)]


@pytest.mark.parametrize(("name", "rows"), LISTS)
def test_r5_1_every_row_of_a_real_list_becomes_a_draft(bureau, real_lists, name, rows):
    """None is dropped, whatever its wording."""
    done, items = drafted(bureau, real_lists(name))
    assert (done.rows, done.added, len(items), len({item.code for item in items})) == (rows, rows, rows, rows)


@pytest.mark.parametrize(
    ("name", "columns"), [(LISTS[0][0], ("抽查比例", "抽查频次")), (LISTS[1][0], ("ratio", "frequency"))]
)
def test_wording_of_a_real_list_is_kept_to_the_character(bureau, real_lists, name, columns):
    """Parsed or not."""
    path = real_lists(name)
    _, items = drafted(bureau, path)
    assert sorted(item.ratio_text for item in items) == sorted(column(path, columns[0]))
    assert sorted(item.frequency_text for item in items) == sorted(column(path, columns[1]))


def test_wording_that_cannot_be_parsed_is_flagged_for_a_person(bureau, real_lists):
    """Of the first list: one ratio and one frequency."""
    _, items = drafted(bureau, real_lists(LISTS[0][0]))
    assert {item.code: item.attention for item in items if item.attention} == {
        "JX-14": ["frequency_unparsed"],
        "JX-15": ["ratio_unparsed"],
    }


def test_r10_1_sub_items_of_one_number_are_one_family(bureau, real_lists):
    """R10.1: 直销违法行为检查 is number 11 with four rows; each row is an item with a code of its own."""
    _, items = drafted(bureau, real_lists(LISTS[1][0]))
    direct = {item.code: item.family for item in items if item.name == "直销违法行为检查"}
    assert direct == dict.fromkeys(("market-15", "market-17", "market-19", "market-21"), "market-11")
    assert {item.family for item in items if item.code.startswith("police")} == {"police-2", "police-4"}


def test_results_that_the_wording_withholds_are_recognised(bureau, real_lists):
    """依法不予公开的结果不公示."""
    _, items = drafted(bureau, real_lists(LISTS[0][0]))
    withheld = [item.code for item in items if item.withheld]
    assert withheld == ["JX-01", "JX-02", "JX-03", "JX-04", "JX-09", "JX-12", "JX-14"]


def test_r5_4_only_the_item_without_a_cap_keeps_the_first_list_from_approval(bureau, real_lists):
    """JX-15 由市级部门根据风险情况确定 is refused with the article; held back, the list goes through."""
    drafted(bureau, real_lists(LISTS[0][0]))
    bureau.do(service.confirm, actor="business")
    with pytest.raises(ListRefused) as refused:
        bureau.submit()
    (error,) = refused.value.errors
    assert (error.row, error.column, error.code) == (15, "抽查比例", "cap_required")
    assert error.message.endswith("（依据：第五条第一款）")
    assert (refused.value.code, refused.value.article, refused.value.exit_status) == ("list_refused", "第五条第一款", 1)
    bureau.do(service.hold, "JX-15", "等市级部门确定比例", actor="lead")
    assert bureau.submit().state == "submitted"


def test_every_breach_of_the_second_list_is_reported_at_once(bureau, real_lists):
    """It names neither content, nor class, nor the way of publication; one row lacks the method."""
    drafted(bureau, real_lists(LISTS[1][0]))
    with pytest.raises(ListRefused) as refused:
        bureau.submit()
    codes = [(error.column, error.code) for error in refused.value.errors]
    assert {pair: codes.count(pair) for pair in set(codes)} == {
        ("确认", "item_unconfirmed"): 40,
        ("抽查事项内容", "column_missing"): 40,
        ("抽查结果公开方式", "column_missing"): 40,
        ("抽查方式", "column_missing"): 1,
        ("事项类别", "class_missing"): 40,
    }
