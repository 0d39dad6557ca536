"""Plan, task and result in the system's own form, against the sink, a real HTTP server on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from disclosing import disclosed, of_decision, of_object, of_result, of_round
from exporting import CASES, PATIENCE, TOKEN_ENV, Case, exchange
from shuangsui import ContentRefused, Context, DisclosedFinding, Exporter, ResultContent
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui_exporter_gsxt import Options, register_exporters
from shuangsui_exporter_gsxt.exporter import SCHEMA, WORDING, Gsxt, codes_of
from shuangsui_exporter_kit import Endpoint
from shuangsui_results_market import GSXT

GOLDEN = Path(__file__).parent / "golden"
NOBODY = Endpoint("gsxt", "公示系统", "http://127.0.0.1:9/gsxt", TOKEN_ENV, PATIENCE)
FINDINGS = (
    DisclosedFinding("not_disclosed", "未按规定公示应当公示的信息"),
    DisclosedFinding("pending", "违反其他部门相关规定", "GSXT-5"),
    DisclosedFinding("corrected", "台账不全，已补正", "NH-1"),
)
LATE = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight of the next day in Beijing."""


def gsxt(own: tuple[str, ...] = (), *, coded: bool = False) -> Exporter:
    return Gsxt(NOBODY, codes_of(own), coded)


def row(content: Any, own: tuple[str, ...] = (), *, coded: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gsxt(own, coded=coded).convert(disclosed(content)).data)
    return found


def result(**changes: Any) -> ResultContent:
    return replace(of_result(1), directed=False, type="random", ended_at=LATE, findings=FINDINGS, **changes)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with Sink() as started:
        yield started


@pytest.mark.parametrize(
    ("name", "content", "coded"),
    [("result", result(), False), ("result-coded", result(), True), ("round", of_round(1), False)],
)
def test_row_is_the_golden_one(name: str, content: Any, coded: bool) -> None:
    """Field by field and in this order, to the details; several results of one object are several details."""
    golden = json.loads((GOLDEN / f"{name}.json").read_bytes(), object_pairs_hook=list)
    assert json.loads(json.dumps(row(content, coded=coded)), object_pairs_hook=list) == golden


def test_task_has_one_name_whatever_is_said_of_it() -> None:
    """The draw's row and every result's name one task; what a single inspection is called is not the task's name."""
    rows = [row(of_round(1)), row(result()), row(result(task_no="RW2026-0002", task_name="另一次检查"))]
    assert {(one["raninsTaskId"], one["raninsTaskName"]) for one in rows} == {("CQ2026-0001", "民用爆炸物品销售检查")}


def test_code_of_a_result_goes_out_only_where_the_option_asks_for_it() -> None:
    """Data-standards 5.1 has the wording alone."""
    shown = [[sorted(one) for one in row(result(), coded=coded)["details"]] for coded in (False, True)]
    plain = ["raninsCheckResName", "raninsItemName", "seqno"]
    assert shown == [[plain] * 3, [["raninsCheckRes", *plain]] * 3]


def test_same_thing_makes_the_same_package() -> None:
    """Pure: an attempt after a restart is known by its bytes."""
    first, second = (gsxt().convert(disclosed(result())) for _ in range(2))
    assert (first, first.external_id) == (second, disclosed(result()).external_id)


def test_every_category_has_its_code_and_wording() -> None:
    """Data-standards 5.2, none left out."""
    shown = {one: replace(result(), findings=(DisclosedFinding(one, "x"),)) for one in CATEGORIES}
    found = {one: row(content, coded=True)["details"][0] for one, content in shown.items()}
    assert {one: (found[one]["raninsCheckRes"], found[one]["raninsCheckResName"]) for one in found} == {
        "no_problem": ("1", "未发现问题"),
        "not_disclosed": ("B", "未按规定公示应当公示的信息"),
        "false_disclosure": ("C", "公示信息隐瞒真实情况、弄虚作假"),
        "cannot_contact": ("6", "通过登记的住所（经营场所）无法联系"),
        "corrected": ("E", "发现问题经责令已改正"),
        "obstructed": ("8", "不配合检查情节严重"),
        "no_activity": ("F", "未发现开展本次抽查涉及的（生产）经营活动"),
        "pending": ("A", "发现问题待后续处理"),
        "gone_closed": ("7", "已关闭停业或正在组织清算"),
        "gone_deregistered": ("9", "注销"),
        "gone_revoked": ("10", "被吊销"),
        "gone_annulled": ("11", "被撤销"),
        "gone_moved": ("12", "迁出"),
    }


def test_departments_codes_are_those_of_the_first_party_plugin() -> None:
    """What results-market offers arrives under the system's own code and wording."""
    codes = codes_of(())
    assert {code: WORDING[codes[f"GSXT-{code}"]] for code in GSXT} == GSXT


def test_own_code_goes_as_the_option_says_and_otherwise_by_its_category() -> None:
    """NH-1 stands below 经责令已改正."""
    assert [row(result(), own, coded=True)["details"][2]["raninsCheckRes"] for own in ((), ("NH-1 = 5",))] == ["E", "5"]


def test_ten_thousand_results_fit_the_schema() -> None:
    """Whatever a draw can bring is sent and fits; the schema is the shipped file, compiled here anew."""
    validator, exporter = jsonschema_rs.Draft202012Validator(SCHEMA), gsxt()
    packages = [exporter.convert(disclosed(of_result(number))) for number in range(10_000)]
    assert [one for one in packages if not validator.is_valid(json.loads(one.data))] == []
    assert len({one.external_id for one in packages}) == 10_000


@pytest.mark.parametrize(
    ("content", "field", "problem"),
    [
        (result(plan_id=""), "抽查计划编号（raninsPlanId）", "没有填写"),
        (result(plan_id="1" * 256), "抽查计划编号（raninsPlanId）", "超过 255 个字"),
        (result(plan_name=" "), "抽查计划名称（raninsPlaneName）", "格式不对"),
        (result(plan_name="划" * 1001), "抽查计划名称（raninsPlaneName）", "超过 1000 个字"),
        (result(draw_no=""), "抽查任务编号（raninsTaskId）", "没有填写"),
        (result(object=replace(of_object(1), code="")), "主体代码（pripId）", "没有填写"),
        (result(object=replace(of_object(1), code="XM-7")), "主体代码（pripId）", "不是有效的统一社会信用代码"),
        (
            result(object=replace(of_object(1), code="11010519491231002X")),
            "主体代码（pripId）",
            "是居民身份证号码，不得报送",
        ),
        (result(item=replace(of_result(1).item, name="")), "抽查任务名称（raninsTaskName）", "没有填写"),
        (replace(result(), findings=()), "抽查结果（details）", "没有填写"),
        (
            replace(result(), findings=(*FINDINGS, DisclosedFinding("unheard_of", "x"))),
            "抽查结果第 4 项（raninsCheckResName）",
            "的类别不在代码表里",
        ),
        (replace(result(), type="special"), "检查类型（type）", "不是随机抽取的，不得报送到双随机抽查一栏"),
        (replace(of_round(1), draw_no=""), "抽查任务编号（raninsTaskId）", "没有填写"),
        (replace(of_round(1), plan_id=""), "抽查计划编号（raninsPlanId）", "没有填写"),
        (of_decision(1), "材料种类", "国家企业信用信息公示系统只收抽查情况和抽查结果"),
    ],
)
def test_refused_field_is_named(content: Any, field: str, problem: str) -> None:
    """Never a silent blank."""
    with pytest.raises(ContentRefused) as caught:
        gsxt().convert(disclosed(content))
    assert caught.value.params == {"field": field, "problem": problem}


def test_authority_without_a_name_is_refused() -> None:
    """The name stands in no content."""
    item = disclosed(result())
    with pytest.raises(ContentRefused) as caught:
        gsxt().convert(replace(item, authority=replace(item.authority, name="")))
    assert caught.value.params["field"] == "抽查机关（insAuth）"


@pytest.mark.parametrize("case", CASES)
def test_faults_of_the_system(sink: Sink, case: Case) -> None:
    """Nothing is lost, and what was taken is not handed over again."""
    exporter = Gsxt(replace(NOBODY, address=sink.url("credit") + "/gsxt"), codes_of(()))
    found = exchange(exporter, exporter.convert(disclosed(result())), sink, case)
    assert found == (case.during, "confirmed", case.copies)


def test_correction_and_withdrawal_are_told_apart(sink: Sink) -> None:
    """Each revision has its own receipt, and the earlier one is confirmed no more."""
    exporter = Gsxt(replace(NOBODY, address=sink.url("credit") + "/gsxt"), codes_of(()))
    actions: list[Any] = ["publish", "correct", "withdraw"]
    packages = [exporter.convert(disclosed(result(), revision=n, action=one)) for n, one in enumerate(actions, 1)]
    for package in packages:
        exporter.send(package)
        assert exporter.read_back(package).confirmed
    assert [exporter.read_back(one).confirmed for one in packages] == [False, False, True]
    assert sink.credit.counts("gsxt") == {"things": 1, "revisions": 3, "copies": 3, "duplicates": 0}


def test_hook_makes_it_of_the_options(sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own token."""
    monkeypatch.setenv("SHUANGSUI_GSXT_TOKEN", TOKEN)
    options = Options(address=sink.url("credit") + "/gsxt", codes=("NH-1=5",), coded=True)
    (exporter,) = register_exporters(Context("moushi", options, tmp_path))
    third = json.loads(exporter.convert(disclosed(result())).data)["details"][2]
    assert (third["raninsCheckRes"], third["raninsCheckResName"]) == ("5", "违反其他部门相关规定")
    address = options.address
    assert exporter.check().message == f"国家企业信用信息公示系统 {address} 可以连接。"
    assert (exporter.name, exporter.kinds, exporter.schema) == ("gsxt", ("round", "result"), SCHEMA)


@pytest.mark.parametrize("codes", [("NH-1",), ("=5",), ("NH-1=99",)])
def test_code_that_the_system_does_not_have_is_no_option(codes: tuple[str, ...]) -> None:
    """Found when the configuration is read."""
    with pytest.raises(ValidationError):
        Options(address="http://127.0.0.1:9", codes=codes)
