"""A registry's file taken in by pages, in four steps and without scripts (article 6)."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from authority import objects
from console import PAGE
from offices import Offices
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.settings import Settings
from shuangsui.texts import sentence
from shuangsui.worker.process import drain, runner_of

START = "/registries/objects/import"
SAID = {
    "code": "信用号", "name": "企业全称", "risk_class": "risk_class", "district": "district", "industry": "industry",
    "items": "items", "status": "status",
}  # fmt: skip


def file(rows: list[dict[str, str]], header: list[str] | None = None) -> bytes:
    """A CSV whose first two headers are of its maker's own making."""
    first = header or ["信用号", "企业全称", *list(rows[0])[2:]]
    return "\n".join(",".join(row) for row in [first, *(list(row.values()) for row in rows)]).encode()


def upload(offices: Offices, data: bytes, name: str = "名录.csv", start: str = START) -> Any:
    """The first step as a browser does it."""
    browser = offices.at("lead")
    sent = {"csrf": browser.csrf()}
    return browser.post(f"/console{start}/upload", data=sent, files={"file": (name, data)}, headers=PAGE)


def uploaded(offices: Offices, data: bytes, **named: str) -> str:
    """The page of the upload."""
    return str(upload(offices, data, **named).headers["location"]).partition("?")[0].removeprefix("/console")


def work(offices: Offices) -> None:
    """What the worker does meanwhile."""
    engine = offices.authority.engine
    drain(runner_of(engine, Settings()), engine, offices.authority.slug)


def checked(offices: Offices, where: str, **more: str) -> str:
    """The page after the check."""
    offices.done("lead", f"{where}/check", **SAID, **more)
    work(offices)
    return unescape(offices.page("lead", where))


def size(offices: Offices) -> int:
    """How many objects there are."""
    found: int = offices.data("lead", "/registries/objects")["facts"]["现有行数"]
    return found


def selected(page: str) -> dict[str, str]:
    """Field → header that is chosen on the page."""
    fields = re.findall(r'<select class="in" id="c-(\w+)".*?</select>', page, re.DOTALL)
    blocks = re.findall(r'<select class="in" id="c-\w+".*?</select>', page, re.DOTALL)
    chosen = (re.search(r'value="([^"]+)" selected', block) for block in blocks)
    return {field: one[1] for field, one in zip(fields, chosen, strict=True) if one}


def test_r6_1_four_steps_lead_from_a_file_to_the_registry(offices: Offices) -> None:
    """Columns of other names, the differences, the confirmation; each page says at which step it is."""
    assert 'href="/console/registries/objects/import"' in offices.page("lead", "/registries/objects")
    where = uploaded(offices, file(objects(5)))
    page = unescape(offices.page("lead", where))
    assert 'aria-current="step">对应各列' in page
    assert selected(page) == {field: title for field, title in SAID.items() if field not in ("code", "name")}
    assert ("信用号（如 500100000000006）" in page, "文件里有 2 列没有用到，不会导入：信用号、企业全称" in page) == (
        True,
        True,
    )
    offices.done("lead", f"{where}/check", **SAID)
    waiting = unescape(offices.page("lead", where))
    assert ('data-refresh="progress"' in waiting, "排队等候处理" in waiting, size(offices)) == (True, True, 0)
    work(offices)
    ready = offices.data("lead", where)
    assert (ready["counts"], ready["acts"], size(offices)) == (
        {"行数": 5, "新增": 5, "变更": 0, "移出": 0}, ["check", "confirm", "discard"], 0,
    )  # fmt: skip
    offices.done("lead", f"{where}/confirm")
    work(offices)
    assert ("已经导入" in offices.page("lead", where), size(offices)) == (True, 5)
    row = offices.data("lead", "/registries/objects")["tables"][0]["rows"][0]
    assert (row["actor"], row["source"], row["change"]) == ("lead", "名录.csv", "added")


def test_r6_1_a_file_whose_columns_are_all_known_goes_straight_to_the_check(offices: Offices) -> None:
    """It can still be brought back to its columns before it is confirmed."""
    rows = objects(5)
    where = uploaded(offices, file(rows, header=list(rows[0])))
    assert offices.data("lead", where)["state"] == "checking"
    work(offices)
    assert offices.data("lead", where)["counts"]["新增"] == 5
    assert selected(unescape(offices.page("lead", f"{where}?edit=columns")))["code"] == "code"


def test_r6_1_columns_once_named_are_filled_in_next_time(offices: Offices) -> None:
    """And said to be those of last time; with every header known, the file is at its check already."""
    where = uploaded(offices, file(objects(3)))
    checked(offices, where)
    offices.done("lead", f"{where}/confirm")
    work(offices)
    where = uploaded(offices, file(objects(4)))
    assert offices.data("lead", where)["state"] == "checking"
    work(offices)
    page = offices.page("lead", f"{where}?edit=columns")
    assert (selected(page), page.count("沿用上次")) == (SAID, 2)


def test_r6_1_a_bad_file_is_shown_row_by_row_and_given_back_with_its_errors(offices: Offices) -> None:
    """Kinds of errors, every error with its row, column and remedy, and the file with a column that says so."""
    rows = objects(6)
    where = uploaded(offices, file([*rows[:3], rows[3] | {"code": "坏"}, rows[4] | {"code": "差", "name": ""}]))
    page = checked(offices, where)
    assert sentence(BadInput("rows_refused", rows=5, count=3)) in page
    kinds, errors = (table["rows"] for table in offices.data("lead", where)["tables"])
    assert [(one["code"], one["column"], one["count"]) for one in kinds] == [
        ("code_length", "信用号", 2), ("required_empty", "企业全称", 1),
    ]  # fmt: skip
    assert [(one["row"], one["column"], one["what"], one["mend"]) for one in errors] == [
        (5, "信用号", "“坏”有1位", "统一社会信用代码是18位，注册号是15位，请核对。"),
        (6, "信用号", "“差”有1位", "统一社会信用代码是18位，注册号是15位，请核对。"),
        (6, "企业全称", "“企业全称”不能为空", "请填写。"),
    ]
    answer = offices.at("lead").get(f"/console{where}/report")
    words = ZipFile(BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert (answer.headers["content-disposition"].count("%E9%94%99"), words.count("code_length")) == (1, 2)
    assert offices.submit("lead", f"{where}/confirm").status_code == 409
    assert size(offices) == 0


def test_r6_5_the_confirmation_is_refused_once_the_registry_has_changed(offices: Offices) -> None:
    """The page says who changed it and offers the check again, which may then be confirmed."""
    checked(offices, where := uploaded(offices, file(objects(3))))
    offices.authority.take_in(objects=objects(4))
    refused = offices.submit("lead", f"{where}/confirm")
    text = unescape(refused.text)
    assert (refused.status_code, "差异已经不同，请重新核对再确认" in text, "重新核对</button>" in text) == (
        409,
        True,
        True,
    )
    assert "文件里没有的 1 行将移出名录" in checked(offices, where)
    assert "将移出名录" not in checked(offices, where, partial="yes")
    offices.done("lead", f"{where}/confirm")
    work(offices)
    assert size(offices) == 4


def test_r6_1_columns_that_cannot_be_meant_are_refused_with_what_was_chosen(offices: Offices) -> None:
    """On the same page, also when they are looked at again after the check."""
    where = uploaded(offices, file(objects(3)))
    twice = offices.submit("lead", f"{where}/check", **SAID, address="企业全称")
    told = sentence(BadInput("column_twice", column="企业全称", first="名称", second="地址"))
    assert (twice.status_code, told in unescape(twice.text)) == (422, True)
    assert selected(twice.text) == {**SAID, "address": "企业全称"}
    empty = offices.submit("lead", f"{where}/check", **{**SAID, "name": ""})
    assert (empty.status_code, empty.text.count('aria-invalid="true"')) == (422, 1)
    checked(offices, where)
    again = offices.submit("lead", f"{where}/check", **SAID, address="企业全称")
    assert (again.status_code, selected(again.text)["address"]) == (422, "企业全称")
    assert selected(offices.page("lead", f"{where}?edit=columns")) == SAID


@pytest.mark.parametrize(
    ("data", "name", "code", "params"),
    [
        (b"%PDF-1.7", "名录.pdf", "unknown_file_type", {"suffix": ".pdf"}),
        (b"", "名录.csv", "empty_file", {}),
        ("检查对象名录\n统一社会信用代码,名称,事项编号\n".encode(), "名录.csv", "header_below_title", {"row": 2}),
    ],
)
def test_a_file_that_nobody_can_read_is_refused_at_the_first_step(
    offices: Offices, data: bytes, name: str, code: str, params: dict[str, Any]
) -> None:
    """With the sentence, and nothing is begun."""
    answer = upload(offices, data, name)
    assert (answer.status_code, sentence(BadInput(code, **params)) in unescape(answer.text)) == (422, True)
    assert offices.data("lead", START)["tables"] == []


def test_what_was_begun_can_be_gone_on_with_or_given_up(offices: Offices) -> None:
    """It stands on the first page until then."""
    where = uploaded(offices, file(objects(3)))
    (waiting,) = offices.data("lead", START)["tables"]
    assert [(row["name"], row["state_name"]) for row in waiting["rows"]] == [("名录.csv", "待对应各列")]
    assert f'href="/console{where}"' in offices.page("lead", START)
    assert offices.done("lead", f"{where}/discard").startswith(f"/console{START}?")
    assert offices.data("lead", START)["tables"] == []
    gone = offices.at("lead").get(f"/console{where}", headers=PAGE)
    told = sentence(NotFound("import_missing", id=where.rpartition("/")[2]))
    assert (gone.status_code, told in unescape(gone.text)) == (404, True)


def test_an_upload_belongs_to_its_registry(offices: Offices) -> None:
    """Below another one's address it is missing."""
    where = uploaded(offices, file(objects(3)))
    answer = offices.at("lead").get(f"/console{where.replace('objects', 'inspectors')}", headers=PAGE)
    assert answer.status_code == 404


def test_the_progress_is_fetched_alone_and_nowhere_else(offices: Offices) -> None:
    """While somebody waits, and at its end; a page without it has no such part."""
    where = uploaded(offices, file(objects(3)))
    offices.done("lead", f"{where}/check", **SAID)

    def part(path: str) -> Any:
        return offices.at("lead").get(f"/console{path}", headers={**PAGE, "X-Fragment": "progress"})

    assert ("排队等候处理" in part(where).text, "<html" in part(where).text) == (True, False)
    work(offices)
    assert "data-over" in part(where).text
    assert part("/registries").status_code == 422


def test_only_who_may_import_sees_the_steps(offices: Offices) -> None:
    """Others see the registry and no way to change it."""
    where = uploaded(offices, file(objects(3)))
    for path in (START, where):
        assert offices.at("supervisor").get(f"/console{path}", headers=PAGE).status_code == 403
    assert "导入文件" not in offices.page("supervisor", "/registries/objects")
    assert offices.submit("supervisor", f"{where}/discard").status_code == 403
    assert sentence(RuleRefused("import_unready", file="名录.csv")) in unescape(
        offices.submit("lead", f"{where}/confirm").text
    )
