"""行政处罚 and 行政许可 decisions come from files, checked like a registry; what they say is what is disclosed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from xlsxwriter import Workbook

from disclosing import disclosed, uscc
from shuangsui.disclosed import DecisionContent, DisclosedObject
from shuangsui.disclosure import decisions
from shuangsui.errors import BadInput, NotAllowed, RowErrors
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry import history
from shuangsui.registry.service import Imported
from shuangsui.registry.tables import RegistryImport
from shuangsui.sample.registries import decided
from shuangsui.sample.scene import District, Scene
from shuangsui.sample.write import write_csv
from shuangsui_exporter_credit_china.decisions import row as credit_row

MAKER, MAKER_CODE = "某市经济和信息化委员会", "11500000MB17643950"
PENALTY = {
    "决定书文号": "渝经信罚〔2024〕1号", "决定种类": "行政处罚", "决定名称": "未按规定登记销售民用爆炸物品案",
    "相对人名称": "第1号民爆销售（模拟）", "统一社会信用代码": uscc(1), "相对人类别": "法人及非法人组织",
    "类别": "罚款", "内容": "罚款人民币五千元", "决定日期": "2024-03-02", "有效期至": "", "公示截止期": "2025-03-02",
    "决定机关": MAKER,
    "决定机关统一社会信用代码": MAKER_CODE, "违法行为类型": "未按规定登记销售", "违法事实": "2024年1月销售未登记",
    "处罚依据": "《民用爆炸物品安全管理条例》第四十八条", "罚款（万元）": "0.50",
}  # fmt: skip
LICENCE = PENALTY | {
    "决定书文号": "渝经信许〔2024〕7号", "决定种类": "行政许可", "决定名称": "民用爆炸物品销售许可", "类别": "核准",
    "统一社会信用代码": uscc(2), "相对人类别": "个体工商户", "内容": "准予销售民用爆炸物品", "有效期至": "2029-12-31",
    "公示截止期": "", "违法行为类型": "", "违法事实": "", "处罚依据": "", "罚款（万元）": "",
    "许可证书名称": "民用爆炸物品销售许可证", "数据来源单位": "某市数据局", "数据来源单位统一社会信用代码": uscc(9),
}  # fmt: skip
COLUMN = {"penalty": "CF_WSH", "licence": "XK_WSH"}
ID = "110101199003078515"
Row = dict[str, Any]
File = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> File:
    """``file(row, …)``: a file with the columns that any of the rows has."""

    def made(*rows: Row, name: str = "决定.csv", encoding: str = "utf-8") -> Path:
        path, header = tmp_path / name, list(dict.fromkeys(title for row in rows for title in row))
        lines = [header, *([row.get(title, "") for title in header] for row in rows)]
        if path.suffix == ".xlsx":
            with Workbook(str(path)) as book:
                sheet = book.add_worksheet()
                for number, line in enumerate(lines):
                    sheet.write_row(number, 0, line)
            return path
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(lines)
        return path

    return made


def take(scope, path: Path, **options: Any) -> Imported:
    """Import in a transaction of its own."""
    with scope("chongqing") as session:
        return decisions.import_decisions(session, path, actor="lead", **options)


def counts(done: Imported) -> tuple[int, int, int, int]:
    """Rows of the file, added, changed, removed."""
    return done.rows, done.added, done.changed, done.removed


def refused(scope, path: Path) -> list[tuple[int, str, str]]:
    """Row, column and code of every error, after which there is nothing."""
    with pytest.raises(RowErrors) as caught:
        take(scope, path)
    assert contents(scope) == []
    return [(error.row, error.column, error.code) for error in caught.value.errors]


def contents(scope, tenant: str = "chongqing") -> list[tuple[str, DecisionContent, date | None]]:
    with scope(tenant) as session:
        return list(decisions.open_contents(session))


@pytest.mark.parametrize(
    ("name", "encoding"), [("决定.csv", "utf-8"), ("决定.csv", "utf-8-sig"), ("决定.csv", "gb18030"), ("决定.xlsx", "")]
)
def test_every_column_arrives_as_it_is_disclosed(scope, file: File, name: str, encoding: str) -> None:
    """Whatever the file's form and encoding; amounts are exact, the source is the maker unless it is named."""
    assert counts(take(scope, file(PENALTY, LICENCE, name=name, encoding=encoding))) == (2, 2, 0, 0)
    penalty = DecisionContent(
        kind="penalty", number="渝经信罚〔2024〕1号", name="未按规定登记销售民用爆炸物品案",
        object=DisclosedObject(uscc(1), "第1号民爆销售（模拟）"), category="罚款", content="罚款人民币五千元",
        decided_on=date(2024, 3, 2), maker=MAKER, maker_code=MAKER_CODE, source=MAKER, source_code=MAKER_CODE,
        violation="未按规定登记销售", facts="2024年1月销售未登记", basis="《民用爆炸物品安全管理条例》第四十八条",
        fine=Decimal("0.5"),
    )  # fmt: skip
    licence = DecisionContent(
        kind="licence", number="渝经信许〔2024〕7号", name="民用爆炸物品销售许可",
        object=DisclosedObject(uscc(2), "第1号民爆销售（模拟）", sole_owner=True), category="核准",
        content="准予销售民用爆炸物品", decided_on=date(2024, 3, 2), maker=MAKER, maker_code=MAKER_CODE,
        source="某市数据局", source_code=uscc(9), valid_until=date(2029, 12, 31),
        certificate="民用爆炸物品销售许可证",
    )  # fmt: skip
    assert contents(scope) == [
        (penalty.number, penalty, date(2025, 3, 2)), (licence.number, licence, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (PENALTY | {"决定书文号": ""}, "决定书文号", "required_empty"),
        (PENALTY | {"决定种类": "行政检查"}, "决定种类", "bad_choice"),
        (PENALTY | {"相对人类别": "自然人"}, "相对人类别", "bad_choice"),
        (PENALTY | {"统一社会信用代码": uscc(1)[:-1] + "?"}, "统一社会信用代码", "uscc_characters"),
        (PENALTY | {"统一社会信用代码": "500101000000017"}, "统一社会信用代码", "code_length"),
        (PENALTY | {"统一社会信用代码": ID}, "统一社会信用代码", "id_number"),
        (PENALTY | {"决定机关统一社会信用代码": ""}, "决定机关统一社会信用代码", "required_empty"),
        (PENALTY | {"决定日期": "三月二日"}, "决定日期", "bad_date"),
        (PENALTY | {"公示截止期": "2024-03-01"}, "公示截止期", "dates_reversed"),
        (LICENCE | {"有效期至": "2024-03-01"}, "有效期至", "dates_reversed"),
        (PENALTY | {"决定日期": "2099-01-01", "公示截止期": ""}, "决定日期", "decided_tomorrow"),
        (PENALTY | {"罚款（万元）": "五千元"}, "罚款（万元）", "bad_amount"),
        (PENALTY | {"罚款（万元）": "-1"}, "罚款（万元）", "bad_amount"),
        (PENALTY | {"罚款（万元）": "0.1234567"}, "罚款（万元）", "bad_amount"),
        (PENALTY | {"违法事实": ""}, "违法事实", "penalty_incomplete"),
        (PENALTY | {"处罚依据": ""}, "处罚依据", "penalty_incomplete"),
        (PENALTY | {"违法行为类型": ""}, "违法行为类型", "penalty_incomplete"),
        (LICENCE | {"类别": "备案"}, "类别", "bad_choice"),
        (PENALTY | {"状态": "撤销"}, "撤销原因", "annulment_reason"),
        (PENALTY | {"内容": "=1+1"}, "内容", "formula_text"),
        (PENALTY | {"内容": "罚" * 4097}, "内容", "too_long"),
        (PENALTY | {"违法事实": f"当事人身份证号{ID}"}, "违法事实", "personal_data"),
        (PENALTY | {"备注": "电话13812345678"}, "备注", "personal_data"),
        (PENALTY | {"相对人名称": "张三（13812345678）"}, "相对人名称", "personal_data"),
        (PENALTY | {"状态": "撤销", "撤销原因": f"复议决定撤销，申请人{ID}"}, "撤销原因", "personal_data"),
        (LICENCE | {"内容": "准予在中山路12号3单元销售"}, "内容", "personal_data"),
        (PENALTY | {"线索编号": "RW2026-0001/1"}, "线索编号", "lead_unknown"),
        (PENALTY | {"线索编号": "RW2026-0001"}, "线索编号", "lead_unknown"),
    ],
)
def test_bad_row_is_refused_with_line_column_and_code(scope, file: File, row: Row, column: str, code: str) -> None:
    """The good row before it is not taken either."""
    assert refused(scope, file(LICENCE | {"决定书文号": "渝经信许〔2024〕8号"}, row)) == [(3, column, code)]


def test_file_without_the_columns_of_a_decision_is_refused(scope, file: File) -> None:
    """What an inspection found is no decision: it has no number, nobody who decided, no day."""
    with pytest.raises(BadInput) as caught:
        take(scope, file({"检查对象名称": "甲", "统一社会信用代码": uscc(1), "抽查结果": "未按规定公示"}))
    assert caught.value.code == "missing_columns"


def test_number_stands_once_in_a_file(scope, file: File) -> None:
    """The same row again, and another one under the same number."""
    assert refused(scope, file(PENALTY, PENALTY)) == [(3, "决定书文号", "duplicate_row")]
    assert refused(scope, file(PENALTY, PENALTY | {"内容": "警告"})) == [(3, "决定书文号", "duplicate_conflict")]


def test_amount_that_looks_like_yuan_is_told(scope, file: File) -> None:
    """Taken all the same."""
    done = take(scope, file(PENALTY | {"罚款（万元）": 5000.0}, name="决定.xlsx"))
    assert [(one.row, one.column, one.code) for one in done.warnings] == [(2, "罚款（万元）", "amount_large")]
    assert [content.fine for _, content, _ in contents(scope)] == [Decimal(5000)]


def test_same_file_again_changes_nothing(scope, file: File) -> None:
    """Nor does one that names other decisions: none is ever removed by a file."""
    take(scope, file(PENALTY, LICENCE))
    before = contents(scope)
    assert counts(take(scope, file(PENALTY, LICENCE))) == (2, 0, 0, 0)
    assert counts(take(scope, file(LICENCE))) == (1, 0, 0, 0)
    assert contents(scope) == before


def test_changed_row_is_a_correction_and_the_old_one_stays_readable(scope, file: File) -> None:
    """Under the same number, with who did it and when."""
    take(scope, file(PENALTY, LICENCE))
    done = take(scope, file(PENALTY | {"罚款（万元）": "0.6"}))
    assert counts(done) == (1, 0, 1, 0)
    assert [content.fine for _, content, _ in contents(scope)] == [Decimal("0.6"), None]
    with scope("chongqing") as session:
        past = list(history.changes_between(session, "decisions", key=PENALTY["决定书文号"]))
        acts = session.exec(
            select(LedgerEntry.subject).where(LedgerEntry.act == "registry.import").order_by(col(LedgerEntry.n))
        ).all()
    assert [(one.change, one.actor, (one.before or {}).get("fine"), one.after["fine"]) for one in past] == [
        ("added", "lead", None, "0.5"), ("changed", "lead", "0.5", "0.6"),
    ]  # fmt: skip
    assert acts == ["decisions", "decisions"]


def test_annulled_decision_is_taken_down_with_its_reason(scope, file: File) -> None:
    """It is no content any more."""
    take(scope, file(PENALTY, LICENCE))
    take(scope, file(PENALTY | {"状态": "撤销", "撤销原因": "行政复议决定撤销"}))
    assert [number for number, _, _ in contents(scope)] == [LICENCE["决定书文号"]]
    with scope("chongqing") as session:
        assert list(decisions.annulled(session)) == [(PENALTY["决定书文号"], "行政复议决定撤销")]


def test_dry_run_tells_and_keeps_nothing(scope, file: File) -> None:
    """In a session that cannot write; the errors are the same."""
    with scope("chongqing", readonly=True) as session:
        done = decisions.import_decisions(session, file(PENALTY), actor="lead", dry_run=True)
        assert counts(done) == (1, 1, 0, 0)
        bad = file(PENALTY | {"备注": "电话13812345678"})
        with pytest.raises(RowErrors):
            decisions.import_decisions(session, bad, actor="lead", dry_run=True)
    with scope("chongqing") as session:
        assert session.exec(select(RegistryImport)).all() == []


def test_import_of_decisions_needs_the_verb(scope, file: File) -> None:
    """A leader imports nothing."""
    with pytest.raises(NotAllowed) as caught, scope("chongqing") as session:
        decisions.import_decisions(session, file(PENALTY), actor="leader")
    assert caught.value.code == "not_allowed"


def test_decisions_of_two_tenants_do_not_meet(scope, file: File) -> None:
    """The same number may stand in both."""
    take(scope, file(PENALTY))
    assert contents(scope, "liangjiang") == []
    with scope("liangjiang") as session:
        decisions.import_decisions(session, file(PENALTY | {"类别": "警告"}), actor="lead")
    assert [content.category for _, content, _ in contents(scope)] == ["罚款"]


def test_sample_is_imported_and_has_everything_the_credit_system_asks(scope, tmp_path: Path) -> None:
    """Every column of 双公示 that may not be empty is filled, for penalties and licences alike."""
    scene = Scene("shancheng:7", "山城市", "500000", (District("第1区", "500101"),), date(2024, 11, 1))
    write_csv(tmp_path / "decisions.csv", decided(scene, 500))
    assert counts(take(scope, tmp_path / "decisions.csv")) == (10, 10, 0, 0)
    found = [disclosed(content) for _, content, _ in contents(scope)]
    assert [credit_row(item, item.content)[COLUMN[item.content.kind]] for item in found] == [one.key for one in found]
