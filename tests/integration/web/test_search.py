"""Search across everything that a person may see, and the frame that has its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from crowd import crowd
from shuangsui.access.policy import Role


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """An authority with a few hundred objects beside another one with some of the same name."""
    staff(engine, {"zhou": Role.LEAD_OFFICE, "expert": Role.EXPERT})
    crowd(engine, HERE, (f"红旗厂{i:03d}(模拟)" for i in range(120)))
    crowd(engine, "yuzhong", (f"红旗邻厂{i}(模拟)" for i in range(3)))
    with Browser(settings_of(database.app, tmp_path)) as made:
        yield made


def found(browser: Browser, login: str, wanted: str) -> dict[str, list[Any]]:
    """The tables of the answer by their titles."""
    browser.cookies.clear()
    browser.sign_in(login)
    tables = browser.get("/api/search", params={"q": wanted}, headers=DATA).json()["tables"]
    return {table["title"]: table["rows"] for table in tables}


def test_objects_are_found_by_part_of_a_name_or_code(browser):
    """Ten of them and the way to all; none of another authority's."""
    objects = found(browser, "zhou", "红旗")
    assert [row["name"] for row in objects["检查对象"]] == [f"红旗厂{i:03d}(模拟)" for i in range(10)]
    assert objects[""] == [{"what": "“红旗”的全部检查对象"}]
    page = browser.get("/console/search", params={"q": "红旗"}, headers=PAGE).text
    assert 'href="/console/objects?q=%E7%BA%A2%E6%97%97"' in page
    code = objects["检查对象"][3]["code"]
    assert [row["code"] for row in found(browser, "zhou", code)["检查对象"]] == [code]


@pytest.mark.parametrize("path", ["/console/search?q=a%00b", "/console/objects?q=%00", "/api/objects?after=%00"])
def test_character_that_no_text_holds_is_no_mistake_of_ours(browser, database, path):
    """PostgreSQL takes no NUL: that is said, to whoever signs in as well."""
    browser.sign_in("zhou")
    refused = 422 if database.is_postgres else 200
    assert browser.get(path, headers=PAGE).status_code == refused
    browser.cookies.clear()
    assert browser.sign_in("zh\0ou").status_code in (401, 422)


def test_only_what_one_may_see_is_found(browser):
    """Users by who manages them, business by who may look at it, nothing by others."""
    assert found(browser, "anquan", "zhou") == {"用户": [{"login": "zhou", "name": "zhou(模拟)"}]}
    assert found(browser, "zhou", "zhou") == {}
    assert found(browser, "expert", "红旗") == {}


def test_one_character_is_too_little_and_signs_of_a_pattern_are_characters(browser):
    """A sentence instead of everything."""
    browser.sign_in("zhou")
    for wanted, said in (("红", "请至少输入 2 个字"), ("%%", "没有找到与“%%”有关的内容。"), ('"><x9', "没有找到与")):
        answer = browser.get("/console/search", params={"q": wanted}, headers=PAGE)
        assert (answer.status_code, said in answer.text, '"><x9' in answer.text) == (200, True, False)


def test_every_page_says_where_one_is(browser):
    """The group of the navigation and the list that a page belongs to; the first page has nothing above it."""
    browser.sign_in("zhou")
    listed = browser.get("/console/objects", headers=PAGE).text
    assert '<li><a href="/console/">工作台</a></li><li>名录库</li></ol>' in listed
    one = browser.get(f"/console/objects/9150{7:014d}", headers=PAGE).text
    assert '<li>名录库</li><li><a href="/console/objects">检查对象</a></li></ol>' in one
    assert 'class="crumb"' not in browser.get("/console/", headers=PAGE).text
