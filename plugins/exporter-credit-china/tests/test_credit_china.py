"""双公示 rows and the province's table, as JSON and as workbooks, against the sink, a real HTTP server."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from python_calamine import CalamineWorkbook

from disclosing import disclosed, of_decision, of_object, of_result, of_round
from exporting import CASES, PATIENCE, TOKEN_ENV, Case, exchange
from shuangsui import ContentRefused, Context, DecisionContent, Disclosed, DisclosedFinding, OutsideFailed
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui_exporter_credit_china import Options, register_exporters
from shuangsui_exporter_credit_china.decisions import SCHEMA, TABLES
from shuangsui_exporter_credit_china.exporter import CreditChina
from shuangsui_exporter_credit_china.province import SOURCES, load
from shuangsui_exporter_credit_china.workbook import Sheet, made
from shuangsui_exporter_kit import Endpoint

GOLDEN = Path(__file__).parent / "golden"
NOBODY = Endpoint("credit-china", "信用中国", "http://127.0.0.1:9/credit-china", TOKEN_ENV, PATIENCE)
NEVER = ("CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "XK_XDR_SFZ")


def penalty(**changes: Any) -> DecisionContent:
    known = {
        "category": "罚款、没收违法所得", "fine": Decimal("1.50"), "confiscated": Decimal(20), "remark": "首次",
        "decided_on": date(2026, 9, 1), "valid_until": date(2027, 9, 1),
    }  # fmt: skip
    return replace(of_decision(2), **{**known, **changes})


def licence(**changes: Any) -> DecisionContent:
    return replace(of_decision(1), **{"decided_on": date(2026, 9, 1), "category": "普通", **changes})


def portal(address: str = NOBODY.address, form: str = "json") -> CreditChina:
    return CreditChina(replace(NOBODY, address=address), form, load())


def sheets(data: bytes) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def convert(content: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(portal().convert(disclosed(content)).data)
    return found


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with Sink() as started:
        yield started


@pytest.mark.parametrize(
    ("name", "content"), [("penalty", penalty()), ("licence", licence()), ("result", of_result(1))]
)
def test_json_and_workbook_are_the_golden_one(name: str, content: Any) -> None:
    """Field by field and in this order, in both forms; days are YYYY/MM/DD."""
    golden = json.loads((GOLDEN / f"{name}.json").read_bytes())
    found = convert(content)
    assert (found, list(found["rows"][0])) == (golden, list(golden["rows"][0]))
    columns, titles, row = sheets(portal(form="xlsx").convert(disclosed(content)).data)[golden["table"]]
    assert dict(zip(columns, row, strict=True)) == golden["rows"][0]
    assert titles == [part["title"] for part in portal().schema["$defs"][_kind(name)]["properties"].values()]


def _kind(name: str) -> str:
    return "province" if name == "result" else name


def test_package_has_the_sheet_of_its_table_only_and_the_same_bytes_again() -> None:
    """Pure: an attempt after a restart is known by its bytes."""
    packages = [portal(form="xlsx").convert(disclosed(penalty())) for _ in range(2)]
    assert (packages[0], list(sheets(packages[0].data))) == (packages[1], ["XZCF"])
    assert packages[0].name == f"{disclosed(penalty()).external_id}-1.xlsx"


def test_one_workbook_holds_a_sheet_for_each_table() -> None:
    """Several tables side by side, and no cell is a formula."""
    two = {"A": {"X": "甲"}, "B": {"Y": "=1+1"}}
    data = made(Sheet(name, dict.fromkeys(row, "名"), [row]) for name, row in two.items())
    assert sheets(data) == {"A": [["X"], ["名"], ["甲"]], "B": [["Y"], ["名"], ["=1+1"]]}


def test_ten_thousand_decisions_fit_the_schema() -> None:
    """Penalties and licences; columns of identity stay empty in every one."""
    validator, exporter = jsonschema_rs.Draft202012Validator(SCHEMA), portal()
    packages = [json.loads(exporter.convert(disclosed(of_decision(n))).data) for n in range(10_000)]
    rows = [row for package in packages for row in package["rows"]]
    assert [row for row in rows if not validator.is_valid(row)] == []
    assert (len(rows), {package["table"] for package in packages}) == (10_000, {"XZCF", "XZXK"})
    assert {row.get(column, "") for row in rows for column in NEVER} == {""}


@pytest.mark.parametrize("kind", ["penalty", "licence"])
def test_schema_itself_allows_no_number_of_identity(kind: str) -> None:
    """Whoever fills one in by another way is refused as well."""
    validator = jsonschema_rs.Draft202012Validator(SCHEMA)
    row = convert(penalty() if kind == "penalty" else licence())["rows"][0]
    filled = [{**row, column: "110105194912310028"} for column in NEVER if column in row]
    assert (validator.is_valid(row), [validator.is_valid(one) for one in filled]) == (True, [False] * len(filled))
    assert len(filled) == (4 if kind == "penalty" else 1)


def test_finding_never_becomes_a_decision() -> None:
    """Whatever its words say, a result stands in the province's table, under none of the names of 双公示."""
    loud = DisclosedFinding("pending", "罚款人民币一万元，吊销许可证")
    found = [convert(replace(of_result(n), findings=(loud,))) for n in range(50)]
    assert {one["table"] for one in found} == {"JC_CCJG"}
    names = {column for one in found for row in one["rows"] for column in row}
    assert [name for name in names if name.startswith(("CF_", "XK_"))] == []


def test_without_a_table_results_are_neither_asked_for_nor_taken() -> None:
    """The switch of the options."""
    exporter = CreditChina(NOBODY, "json", None)
    assert exporter.kinds == ("decision",)
    with pytest.raises(ContentRefused):
        exporter.convert(disclosed(of_result(1)))
    assert sorted(exporter.schema["$defs"]) == ["licence", "penalty"]


MISSING_PENALTY = [
    ({"object": replace(of_object(2), name="")}, "相对人名称（CF_XDR_MC）"),
    ({"object": replace(of_object(2), code="")}, "统一社会信用代码（CF_XDR_SHXYM）"),
    ({"object": replace(of_object(2), is_uscc=False)}, "统一社会信用代码（CF_XDR_SHXYM）"),
    ({"number": ""}, "决定书文号（CF_WSH）"),
    ({"violation": ""}, "违法行为类型（CF_WFXW）"),
    ({"facts": ""}, "违法事实（CF_SY）"),
    ({"basis": ""}, "处罚依据（CF_YJ）"),
    ({"category": ""}, "处罚类别（CF_CFLB）"),
    ({"content": ""}, "处罚内容（CF_NR）"),
    ({"fine": None}, "罚款（万元）（CF_NR_FK）"),
    ({"confiscated": None}, "没收违法所得（万元）（CF_NR_WFFF）"),
    ({"category": "吊销许可证件"}, "暂扣或吊销证照名称及编号（CF_NR_ZKDX）"),
    ({"maker": ""}, "处罚机关（CF_CFJG）"),
    ({"maker_code": ""}, "处罚机关统一社会信用代码（CF_CFJGDM）"),
    ({"source": ""}, "数据来源单位（CF_SJLY）"),
    ({"source_code": ""}, "数据来源单位统一社会信用代码（CF_SJLYDM）"),
]
MISSING_LICENCE = [
    ({"number": ""}, "决定书文号（XK_WSH）"),
    ({"name": ""}, "项目名称（XK_XMMC）"),
    ({"category": ""}, "审批类别（XK_SPLB）"),
    ({"content": ""}, "许可内容（XK_NR）"),
    ({"object": replace(of_object(1), name="")}, "相对人名称（XK_XDR）"),
    ({"object": replace(of_object(1), code="")}, "统一社会信用代码（XK_XDR_SHXYM）"),
    ({"maker": ""}, "许可机关（XK_XZJG）"),
    ({"maker_code": ""}, "许可机关统一社会信用代码（XK_XKJGDM）"),
    ({"source": ""}, "数据来源单位（XK_LYDW）"),
    ({"source_code": ""}, "数据来源单位统一社会信用代码（XK_LYDWDM）"),
]
WRONG = [
    (penalty(object=replace(of_object(2), code="11010519491231002X")), "CF_XDR_SHXYM", "是居民身份证号码，不得报送"),
    (penalty(maker_code="11500000MB17643951"), "CF_CFJGDM", "不是有效的统一社会信用代码"),
    (penalty(fine=Decimal(-1)), "CF_NR_FK", "格式不对"),
    (penalty(number="号" * 257), "CF_WSH", "超过 256 个字"),
    (penalty(content="容" * 4097), "CF_NR", "超过 4096 个字"),
    (penalty(facts="实" * 32768), "CF_SY", "超过 32767 个字"),
    (penalty(remark="注" * 1025), "BZ", "超过 1024 个字"),
    (licence(category="许可"), "XK_SPLB", "不在代码表里"),
    (licence(maker="关" * 129), "XK_XZJG", "超过 128 个字"),
]


def refused(content: Any, changes: dict[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(ContentRefused) as caught:
        portal().convert(replace(disclosed(content), **(changes or {})))
    return caught.value.params


@pytest.mark.parametrize(
    ("content", "field"),
    [(penalty(**one), field) for one, field in MISSING_PENALTY]
    + [(licence(**one), field) for one, field in MISSING_LICENCE],
)
def test_missing_field_is_named(content: Any, field: str) -> None:
    """Never a silent blank."""
    assert refused(content) == {"field": field, "problem": "没有填写"}


@pytest.mark.parametrize(("content", "column", "problem"), WRONG)
def test_wrong_field_is_named(content: Any, column: str, problem: str) -> None:
    """By what is wrong with it, and never by its value."""
    found = refused(content)
    assert (found["field"].endswith(f"（{column}）"), found["problem"]) == (True, problem)


def test_licence_needs_the_area_of_the_authority() -> None:
    """The place code 地方编码."""
    item = disclosed(licence())
    assert refused(licence(), {"authority": replace(item.authority, area="")}) == {
        "field": "地方编码（DFBM）", "problem": "没有填写",
    }  # fmt: skip


def test_what_is_neither_decision_nor_result_is_refused() -> None:
    """A round, and a decision of a kind that the law does not publish here."""
    odd: Any = "coercion"
    assert refused(of_round(1))["field"] == "材料种类"
    assert refused(penalty(kind=odd)) == {"field": "决定种类（kind）", "problem": "只能是行政处罚或者行政许可"}


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"object": replace(of_object(1), name="")}, "检查对象名称（JC_XDR_MC）", "没有填写"),
        ({"object": replace(of_object(1), code="")}, "检查对象统一社会信用代码（JC_XDR_SHXYM）", "没有填写"),
        ({"task_no": ""}, "检查任务编号（JC_RWBH）", "没有填写"),
        ({"findings": ()}, "抽查结果（JC_JG）", "没有填写"),
        ({"follow_up": "理" * 4097}, "后续处理（JC_HXCL）", "超过 4096 个字"),
    ],
)
def test_province_table_names_its_field(changes: dict[str, Any], field: str, problem: str) -> None:
    """Its lengths and what it requires are as its file says."""
    assert refused(replace(of_result(1), **changes)) == {"field": field, "problem": problem}


def test_state_and_days_of_a_licence_follow_the_action() -> None:
    """A withdrawn licence is marked; the code table is data."""
    rows = [
        json.loads(portal().convert(disclosed(licence(), revision=n, action=action)).data)["rows"][0]
        for n, action in enumerate(("publish", "correct", "withdraw"), 1)
    ]
    assert [row["XK_ZT"] for row in rows] == ["0", "0", "1"]


OWN = '{"table": "JC_X", "title": "表", "columns": [%s]}'
COLUMN = '{"column": "JC_A", "title": "甲", "source": "task_no", "length": 5, "required": true}'


def test_own_description_decides_the_columns(tmp_path: Path) -> None:
    """JSON or TOML; every source can be a column."""
    columns = [f'{{"column": "C{n}", "title": "{name}", "source": "{name}", "length": 500}}' for n, name in
               enumerate(SOURCES)]  # fmt: skip
    file = tmp_path / "own.json"
    file.write_text(OWN % ",".join(columns), "utf-8")
    item = disclosed(of_result(1))
    found = load(str(file)).row(item, of_result(1))
    assert [found[f"C{n}"] for n, name in enumerate(SOURCES) if name in ("action", "ended_on", "until")] == [
        "publish", "", found[f"C{list(SOURCES).index('ended_on')}"],
    ]  # fmt: skip
    assert (len(found), found["C0"]) == (len(SOURCES), item.external_id)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (OWN % COLUMN.replace("JC_A", "CF_WSH"), "columns.0.column"),
        (OWN % COLUMN.replace("JC_A", "xk_nr"), "columns.0.column"),
        ((OWN % COLUMN).replace("JC_X", "XZCF"), "table"),
        (OWN % COLUMN.replace("task_no", "object.address"), "JC_A 的来源 object.address 不存在"),
        (OWN % f"{COLUMN},{COLUMN}", "有重复的列"),
        (OWN % COLUMN.replace("5", "0"), "columns.0.length"),
        (OWN % COLUMN.replace("required", "needed"), "columns.0.needed"),
        ((OWN % "")[:-1], "JSONDecodeError"),
        (OWN % "", "columns"),
    ],
)
def test_description_that_does_not_hold_is_refused_when_read(tmp_path: Path, text: str, what: str) -> None:
    """No names of 双公示, no unknown source, nothing twice."""
    file = tmp_path / "own.json"
    file.write_text(text, "utf-8")
    with pytest.raises(OutsideFailed) as caught:
        load(str(file))
    assert caught.value.params["problem"] == f"省级表式 {file} 有误（{what}），请管理员更正"


def test_description_that_is_not_there_is_refused() -> None:
    """The path is the administrator's."""
    with pytest.raises(OutsideFailed) as caught:
        load("/nowhere/own.toml")
    assert (caught.value.permanent, "FileNotFoundError" in caught.value.params["problem"]) == (True, True)


@pytest.mark.parametrize("form", ["json", "xlsx"])
@pytest.mark.parametrize("case", CASES)
def test_faults_of_the_portal(sink: Sink, form: str, case: Case) -> None:
    """Nothing is lost, and what was taken is not handed over again."""
    exporter = portal(sink.url("credit") + "/credit-china", form)
    found = exchange(exporter, exporter.convert(disclosed(penalty())), sink, case)
    assert found == (case.during, "confirmed", case.copies)


def test_every_kind_arrives(sink: Sink) -> None:
    """What the portal holds is what was made, byte for byte."""
    exporter = portal(sink.url("credit") + "/credit-china")
    packages = [exporter.convert(disclosed(one)) for one in (penalty(), licence(), of_result(1))]
    for package in packages:
        exporter.send(package)
    assert [one.data for one in sink.credit.all("credit-china")] == [one.data for one in packages]


def test_hook_makes_it_of_the_options(sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without results."""
    monkeypatch.setenv("SHUANGSUI_CREDIT_CHINA_TOKEN", TOKEN)
    found = []
    for results in (True, False):
        options = Options(address=sink.url("credit") + "/credit-china", form="xlsx", results=results)
        found += register_exporters(Context("moushi", options, tmp_path))
    assert [(one.name, one.kinds, one.check().ok) for one in found] == [
        ("credit-china", ("decision", "result"), True), ("credit-china", ("decision",), True),
    ]  # fmt: skip


def test_tables_have_every_column_of_the_newer_forms() -> None:
    """Data-standards 6.1 and 6.3."""
    assert (len(TABLES["penalty"].columns), len(TABLES["licence"].columns)) == (30, 26)
    assert isinstance(disclosed(penalty()), Disclosed)
