"""Rows of 行政检查行为 with their exchange fields, against the sink, a real HTTP server on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from disclosing import CODE, ITEM, OFFICERS, disclosed, of_decision, of_object, of_result, of_round, uscc
from exporting import CASES, PATIENCE, TOKEN_ENV, Case, exchange
from shuangsui import (
    ContentRefused,
    Context,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedOfficer,
    OutsideFailed,
    ResultContent,
)
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import Mode, TaskType
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui_exporter_kit import Endpoint
from shuangsui_exporter_supervision import Options, register_exporters
from shuangsui_exporter_supervision.dictionaries import load
from shuangsui_exporter_supervision.exporter import Supervision

GOLDEN = Path(__file__).parent / "golden"
NOBODY = Endpoint("supervision", "监管系统", "http://127.0.0.1:9/supervision", TOKEN_ENV, PATIENCE)
ENDED = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight of the next day in Beijing."""
FINDINGS = tuple(DisclosedFinding(one, "x") for one in ("not_disclosed", "corrected", "not_disclosed"))
"""Two points of one category are one category."""


def system(address: str = NOBODY.address, items: dict[str, tuple[str, str]] | None = None) -> Supervision:
    return Supervision(replace(NOBODY, address=address), "JXW01", items or {}, load())


def result(**changes: Any) -> ResultContent:
    known = {"type": "random", "mode": "onsite", "ended_at": ENDED, "findings": FINDINGS}
    return replace(of_result(1), **{**known, **changes})


def row(content: Any, item: Disclosed | None = None, **more: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads(system(**more).convert(item or disclosed(content)).data)
    return found


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with Sink() as started:
        yield started


def test_row_is_the_golden_one() -> None:
    """Field by field and in this order."""
    assert list(row(result()).items()) == list(json.loads((GOLDEN / "result.json").read_bytes()).items())


@pytest.mark.parametrize(
    ("revision", "action", "operation", "batch"),
    [(1, "publish", "i", "2026112600001"), (2, "correct", "u", "2026112600002"), (3, "withdraw", "d", "2026112600003")],
)
def test_exchange_fields_follow_the_action(revision: int, action: Any, operation: str, batch: str) -> None:
    """The row keeps its identity; the batch is the day and how manyeth time."""
    item = disclosed(result(), revision=revision, action=action)
    found = row(None, item)
    assert (found["cd_operation"], found["cd_batch"]) == (operation, batch)
    assert (found["cd_id"], found["record_unique_identity"]) == (f"JXW01{item.external_id}", item.external_id)
    assert (found["cd_source"], found["cd_time"]) == ("500000JXW01", "2026-11-26 00:00:00")


def test_ten_thousand_results_fit_the_schema() -> None:
    """Whatever a draw can bring is sent and fits; the schema is compiled here anew."""
    exporter = system()
    validator = jsonschema_rs.Draft202012Validator(dict(exporter.schema))
    packages = [exporter.convert(disclosed(of_result(number))) for number in range(10_000)]
    assert [one for one in packages if not validator.is_valid(json.loads(one.data))] == []
    assert len({one.external_id for one in packages}) == 10_000


def test_every_word_of_ours_has_a_value() -> None:
    """No category, type or mode is left out of the shipped dictionaries."""
    shipped = load()
    assert (set(shipped.check_result), set(shipped.check_type)) == (set(CATEGORIES), set(TaskType))
    assert (set(shipped.check_form), set(shipped.check_mode)) == (set(Mode), set(Mode))


def test_special_checks_go_out_under_their_own_class() -> None:
    """They are checks as well, and never called 双随机 (R2.1)."""
    found = {one: row(result(type=one))["check_type"] for one in ("random", "special", "clue", "instant")}
    assert found == {"random": "双随机抽查", "special": "专项检查", "clue": "线索核查", "instant": "即时检查"}


def test_address_of_a_sole_owner_stays_here() -> None:
    """It may be a home; a firm's goes out."""
    owner, firm = (replace(of_object(1), sole_owner=sole) for sole in (True, False))
    found = [row(result(object=one)) for one in (owner, firm)]
    assert [(one["address_registered"], one["administrative_cp_na"]) for one in found] == [
        ("", "个体工商户"), ("某路1号", "法人及非法人组织"),
    ]  # fmt: skip


def test_codes_of_the_item_come_from_the_options_before_the_list() -> None:
    """An item that the list gives no codes for can still be sent."""
    bare, own = DisclosedItem("JX-9", "某事项"), {"JX-9": ("9" * 14, f"{CODE}5X")}
    found = row(result(item=bare), items=own)
    assert (found["supervise_item_implement_code"], found["supervise_item_check_icode"]) == own["JX-9"]


@pytest.mark.parametrize(
    ("published", "submitted"), [(date(2026, 11, 21), ""), (date(2026, 11, 22), "2026-11-22 00:00:00")]
)
def test_submitted_is_later_than_the_check_or_not_said(published: date, submitted: str) -> None:
    """Days are those of Beijing."""
    item = replace(disclosed(result()), published_on=published)
    assert row(None, item)["submitted_date"] == submitted


def test_columns_that_need_no_value_may_be_empty() -> None:
    """Data-standards 7: the code of the institution, and certificates where the rules publish none."""
    item = disclosed(result())
    assert row(None, replace(item, authority=replace(item.authority, code="")))["implement_institution_code"] == ""
    unnumbered = tuple(replace(one, certificate="") for one in OFFICERS)
    found = row(result(officers=unnumbered))
    assert (found["check_personnel"], found["check_personnel_code"]) == ('["张检查", "李检查"]', "")


def test_words_of_one_dictionary_are_of_one_kind() -> None:
    """Names or codes, never some of each."""
    shipped = load()
    for name in ("administrative_cp_na", "administrative_cp_ce_type", "check_form", "check_type", "check_mode"):
        assert len({value.isdecimal() for value in getattr(shipped, name).values()}) == 1


def codes(**changes: str) -> DisclosedItem:
    return replace(ITEM, codes={**ITEM.codes, **{name.replace("_", "-"): code for name, code in changes.items()}})


REFUSED = [
    ({"plan_id": "1" * 51}, "双随机一公开计划id（plan_id）", "超过 50 个字"),
    ({"item": codes(supervision="")}, "监管事项目录编码（supervise_item_implement_code）", "没有填写"),
    ({"item": codes(supervision="1" * 13)}, "监管事项目录编码（supervise_item_implement_code）", "格式不对"),
    ({"item": codes(supervision_checklist="")}, "监管事项检查实施清单编码（supervise_item_check_icode）", "没有填写"),
    (
        {"item": codes(supervision_checklist=f"{CODE}6")},
        "监管事项检查实施清单编码（supervise_item_check_icode）",
        "格式不对",
    ),
    (
        {"item": codes(supervision_checklist=f"{uscc(1)}1")},
        "监管事项检查实施清单编码（supervise_item_check_icode）",
        "前 18 位不是实施机构的统一社会信用代码",
    ),
    (
        {"item": codes(supervision_checklist=f"{CODE}1{'0' * 782}")},
        "监管事项检查实施清单编码（supervise_item_check_icode）",
        "超过 800 个字",
    ),
    ({"task_name": ""}, "检查行为名称（check_action_name）", "没有填写"),
    ({"task_name": "名" * 2001}, "检查行为名称（check_action_name）", "超过 2000 个字"),
    ({"task_no": ""}, "检查行为编号（check_action_code）", "没有填写"),
    ({"task_no": "1" * 51}, "检查行为编号（check_action_code）", "超过 50 个字"),
    ({"object": replace(of_object(1), name="")}, "监管对象（supervise_object）", "没有填写"),
    ({"object": replace(of_object(1), name="名" * 201)}, "监管对象（supervise_object）", "超过 200 个字"),
    ({"object": replace(of_object(1), code="")}, "行政相对人编码（administrative_cp_ui_code）", "没有填写"),
    (
        {"object": replace(of_object(1), code="XM-7")},
        "行政相对人编码（administrative_cp_ui_code）",
        "不是有效的统一社会信用代码",
    ),
    (
        {"object": replace(of_object(1), code="11010519491231002X")},
        "行政相对人编码（administrative_cp_ui_code）",
        "是居民身份证号码，不得报送",
    ),
    ({"object": replace(of_object(1), address="路" * 401)}, "注册地址（address_registered）", "超过 400 个字"),
    ({"object": replace(of_object(1), area="990000")}, "行政区划代码（area_number）", "不在代码表里"),
    ({"mode": "by_mail"}, "检查形式（check_form）", "不在字典里"),
    ({"mode": ""}, "检查形式（check_form）", "没有填写"),
    ({"type": "unheard_of"}, "检查类别（check_type）", "不在字典里"),
    ({"findings": ()}, "检查结果（check_result）", "没有填写"),
    ({"findings": (DisclosedFinding("unheard_of", "x"),)}, "检查结果（check_result）", "不在字典里"),
    ({"officers": ()}, "检查人员（check_personnel）", "没有填写"),
    ({"officers": (*OFFICERS, DisclosedOfficer("", "1"))}, "检查人员（check_personnel）", "没有填写"),
    ({"officers": (*OFFICERS, DisclosedOfficer("王", ""))}, "执法证号（check_personnel_code）", "没有填写"),
    ({"ended_at": datetime(2026, 11, 27, tzinfo=UTC)}, "报送时间（submitted_date）", "早于检查时间"),
]


def refused(content: Any, item: Disclosed | None = None) -> dict[str, str]:
    with pytest.raises(ContentRefused) as caught:
        row(content, item)
    return caught.value.params


@pytest.mark.parametrize(("changes", "field", "problem"), REFUSED)
def test_refused_field_is_named(changes: dict[str, Any], field: str, problem: str) -> None:
    """Never a silent blank."""
    assert refused(result(**changes)) == {"field": field, "problem": problem}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "11500000MB17643951"}, "实施机构编码（implement_institution_code）"),
        ({"code": "11010519491231002X"}, "实施机构编码（implement_institution_code）"),
        ({"name": "某" * 101}, "实施机构（implement_institution）"),
        ({"area": ""}, "来源（cd_source）"),
    ],
)
def test_refused_field_of_the_authority_is_named(changes: dict[str, Any], field: str) -> None:
    """What the installation's configuration lacks."""
    item = disclosed(result())
    assert refused(None, replace(item, authority=replace(item.authority, **changes)))["field"] == field


@pytest.mark.parametrize("content", [of_round(1), of_decision(1)])
def test_only_results_are_checks(content: Any) -> None:
    """A round is none, and decisions have tables of their own there."""
    assert refused(content)["field"] == "材料种类"


def test_own_dictionaries_take_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    """In the row and in its schema."""
    shipped = json.loads(files("shuangsui_exporter_supervision").joinpath("data", "dictionaries.json").read_bytes())
    file = tmp_path / "own.json"
    file.write_text(json.dumps({**shipped, "check_type": {"random": "07"}}), "utf-8")
    exporter = Supervision(NOBODY, "JXW01", {}, load(str(file)))
    found = json.loads(exporter.convert(disclosed(result())).data)
    assert (found["check_type"], exporter.schema["properties"]["check_type"]["enum"]) == ("07", ["07"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "JSONDecodeError"),
        ("{}", "administrative_cp_na"),
        ('{"check_form": {"onsite": ""}}', "administrative_cp_na"),
        ("[]", ""),
    ],
)
def test_dictionaries_that_do_not_hold_are_refused_when_read(tmp_path: Path, text: str, what: str) -> None:
    """By the first thing that is wrong."""
    file = tmp_path / "own.json"
    file.write_text(text, "utf-8")
    with pytest.raises(OutsideFailed) as caught:
        load(str(file))
    assert caught.value.params["problem"] == f"字典 {file} 有误（{what}），请管理员更正"


@pytest.mark.parametrize("case", CASES)
def test_faults_of_the_system(sink: Sink, case: Case) -> None:
    """Nothing is lost, and what was taken is not handed over again."""
    exporter = system(sink.url("credit") + "/supervision")
    found = exchange(exporter, exporter.convert(disclosed(result())), sink, case)
    assert found == (case.during, "confirmed", case.copies)


def test_hook_makes_it_of_the_options(sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own token, and the items of the options."""
    monkeypatch.setenv("SHUANGSUI_SUPERVISION_TOKEN", TOKEN)
    items = (f"JX-1={'1' * 14}={CODE}1",)
    options = Options(address=sink.url("credit") + "/supervision", department="JXW01", items=items)
    (exporter,) = register_exporters(Context("moushi", options, tmp_path))
    assert (exporter.name, exporter.kinds, exporter.check().ok) == ("supervision", ("result",), True)
    assert json.loads(exporter.convert(disclosed(result())).data)["supervise_item_implement_code"] == "1" * 14


@pytest.mark.parametrize(
    "changes", [{"department": ""}, {"department": "经信"}, {"items": ("JX-1=1=2",)}, {"address": "ftp://x"}]
)
def test_options_that_cannot_be_right_are_refused(changes: dict[str, Any]) -> None:
    """Found when the configuration is read."""
    with pytest.raises(ValidationError):
        Options(**{"address": "http://127.0.0.1:9", "department": "JXW01", **changes})
