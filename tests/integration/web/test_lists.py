"""Lists on pages: parts, order, filters, a fragment of their own, and the whole of one as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from crowd import crowd
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.pages import Here, Stored, Table, stored, view
from shuangsui.registry.tables import InspectionObject
from shuangsui.web import home
from shuangsui.web.areas import gathered
from shuangsui.web.parting import AT_ONCE, ROWS

FRAGMENT = {**PAGE, "X-Fragment": "lists"}
N = 3 * ROWS + 7
SHOWN = {"no": "编号", "name": "名称", "state": "状态"}
NAMES = ["重庆", "阿里", "北碚", "", "=1+1", "长寿"]


def load_words(here: Here) -> Table:
    rows = [{"no": f"W{i}", "name": name, "state": "逾期" if i else "存续"} for i, name in enumerate(NAMES)]
    return Table(SHOWN, rows, link="/words/{no}", title="词")


DECLARED = gathered([home, SimpleNamespace(VIEWS=[view("/words", verb="view", load=load_words, title="词表")])])


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """Somebody of an authority with objects, beside another that has some too."""
    staff(engine, {"zhou": Role.INSPECTION_OFFICE})
    crowd(engine, HERE, [f"企业{i:04d}(模拟)" for i in range(N)])
    crowd(engine, "yuzhong", [f"邻区企业{i}(模拟)" for i in range(3)])
    with Browser(settings_of(database.app, tmp_path)) as made:
        made.sign_in("zhou")
        yield made


@pytest.fixture
def words(database, engine, tmp_path) -> Iterator[Browser]:
    """A page with one short list in memory."""
    staff(engine, {"zhou": Role.INSPECTION_OFFICE})
    with Browser(settings_of(database.app, tmp_path), DECLARED) as made:
        made.sign_in("zhou")
        yield made


def codes(text: str) -> list[str]:
    """The objects on a page, in its order."""
    return [part.partition('"')[0] for part in text.split('href="/console/objects/')[1:]]


def test_a_stored_list_is_leafed_through_in_its_order(browser):
    """Every object stands on exactly one page, and another authority's on none."""
    pages = [browser.get(f"/console/objects?page={n}", headers=PAGE).text for n in range(1, 5)]
    assert [len(codes(page)) for page in pages] == [ROWS, ROWS, ROWS, 7]
    assert [code for page in pages for code in codes(page)] == [f"9150{i:014d}" for i in range(N)]
    assert f"共 {N} 条" in pages[0]
    assert "邻区" not in "".join(pages)


def test_a_stored_list_is_sorted_and_filtered_by_the_database(browser):
    """Descending with a minus; a heading says in which order the list stands and leads to the other one."""
    page = browser.get("/console/objects?sort=-name&district=渝中区", headers=PAGE).text
    assert codes(page)[:2] == [f"9150{i:014d}" for i in (N - 2, N - 4)]
    assert '<th scope="col" aria-sort="descending"><a id="sort-0-name"' in page
    assert "sort=name" in page
    assert codes(browser.get("/console/objects?q=0007", headers=PAGE).text)[:1] == [f"9150{7:014d}"]
    assert codes(browser.get("/console/objects?q=%25", headers=PAGE).text) == []


def test_beyond_what_is_counted_a_list_goes_on_behind_a_key(browser, monkeypatch):
    """The last part that is counted leads to the rows after its last one."""
    monkeypatch.setattr(stored, "DEEPEST", 2 * ROWS)
    monkeypatch.setattr("shuangsui.web.parting.DEEPEST", 2 * ROWS)
    last = browser.get("/console/objects?page=2", headers=PAGE).text
    assert f"共超过 {2 * ROWS} 条" in last
    after = codes(last)[-1]
    assert f'href="/console/objects?after={after}" rel="next"' in last
    onward = browser.get(f"/console/objects?after={after}", headers=PAGE).text
    assert codes(onward)[0] == f"9150{2 * ROWS:014d}"
    assert f"{after} 之后，共 {N - 2 * ROWS} 条" in onward


def test_a_program_is_given_a_stored_list_in_portions(browser, monkeypatch):
    """``after`` of one answer asks for the next; the last has none."""
    monkeypatch.setattr("shuangsui.web.parting.AT_ONCE", 100)
    first = browser.get("/api/objects", headers=DATA).json()
    second = browser.get(f"/api/objects?after={first['after']}", headers=DATA).json()
    assert (AT_ONCE, first["count"], second["count"], second["after"]) == (1000, 100, N - 100, None)
    assert [row["code"] for row in first["rows"] + second["rows"]] == [f"9150{i:014d}" for i in range(N)]


def test_a_list_in_memory_is_sorted_as_people_read(words):
    """Chinese words as a dictionary has them, nothing last; what is no column changes nothing."""
    page = words.get("/console/words?sort=name", headers=PAGE).text
    order = [part.partition('"')[0] for part in page.split('href="/console/words/')[1:]]
    assert [NAMES[int(no[1:])] for no in order] == ["=1+1", "阿里", "北碚", "长寿", "重庆", ""]
    assert words.get("/console/words?sort=password", headers=PAGE).status_code == 200


def test_a_state_stands_out_and_is_still_a_word(words):
    """Never by colour alone."""
    page = words.get("/console/words", headers=PAGE).text
    assert '<span class="tag bad">逾期</span>' in page
    assert '<span class="tag ok">存续</span>' in page


def test_the_lists_are_answered_alone_when_asked_for(browser):
    """The region and nothing around it; both answers say by which header they differ; an unknown part is refused."""
    part = browser.get("/console/objects?page=2", headers=FRAGMENT)
    whole = browser.get("/console/objects?page=2", headers=PAGE)
    assert part.text.strip() in whole.text
    assert "<html" not in part.text
    assert {part.headers["vary"], whole.headers["vary"]} == {"X-Fragment"}
    wrong = browser.get("/console/objects", headers={**PAGE, "X-Fragment": "head"})
    assert (wrong.status_code, "请刷新整页" in wrong.text) == (422, True)


def test_a_whole_list_is_exported_as_shown(browser):
    """Filter and order hold, parts do not; CSV and workbook say the same."""
    asked = "/console/objects?district=渝中区&sort=-code&export={}&list=0"
    table = browser.get(asked.format("csv"), headers=PAGE)
    book = browser.get(asked.format("xlsx"), headers=PAGE)
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows == sheet
    assert [row[0] for row in rows] == ["代码", *(f"9150{i:014d}" for i in reversed(range(1, N, 2)))]
    named = "attachment; filename*=UTF-8''%E6%A3%80%E6%9F%A5%E5%AF%B9%E8%B1%A1."
    assert [one.headers["content-disposition"] for one in (table, book)] == [f"{named}csv", f"{named}xlsx"]


def test_an_exported_cell_is_never_a_formula(words):
    """A spreadsheet shows it, and computes nothing."""
    text = words.get("/console/words?export=csv", headers=PAGE).content.decode("utf-8-sig")
    book = words.get("/console/words?export=xlsx", headers=PAGE).content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert ("W4,'=1+1,逾期" in text.splitlines(), sheet[5]) == (True, ["W4", "'=1+1", "逾期"])
    assert words.get("/console/words?export=pdf", headers=PAGE).status_code == 422
    for number in ("1", "00009", "9" * 5000, "٠", "-1", "x"):
        assert words.get(f"/console/words?export=csv&list={number}", headers=PAGE).status_code == 422


def test_a_stored_list_sees_one_authority_only(database, engine):
    """Rows, count and order by themselves, on both databases."""
    crowd(engine, HERE, ["甲", "乙"])
    crowd(engine, "yuzhong", ["丙"])
    with db.session(engine, "yuzhong", readonly=True) as session:
        columns = select(InspectionObject.code, InspectionObject.name)
        rows = Stored(
            session, columns, col(InspectionObject.code), lambda row: {"code": row.code, "name": row.name}, "code"
        )
        assert (len(rows), [row["name"] for row in rows], rows[0]["name"]) == (1, ["丙"], "丙")
