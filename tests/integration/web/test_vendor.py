"""The pages for vendors: the guide, every operation of the interface, every hook; all from what runs here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console import DATA, PAGE, Browser, settings_of, staff
from shuangsui.access.policy import Role
from shuangsui.extension.policy import KINDS
from shuangsui.web import vendor
from shuangsui.web.areas import declared
from shuangsui.web.guides import as_html


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """Of somebody with no right but to sign in and look."""
    staff(engine, {"wen": Role.AUDIT_ADMIN})
    with Browser(settings_of(database.app, tmp_path)) as made:
        made.sign_in("wen")
        yield made


def test_guide_is_the_reference_with_its_examples(browser):
    """Headings stand below the page's own, each with an address; code is shown as it is."""
    page = browser.get("/console/dev", headers=PAGE).text
    assert (page.count("<h1"), '<h3 id="从样板开始">从样板开始</h3>' in page) == (1, True)
    assert 'class="language-toml">[build-system]' in page


def test_every_operation_has_a_page_of_its_own(browser):
    """As many as areas declare, each below an address of its own, with the fields of its body."""
    listed = browser.get("/api/dev/api", headers=DATA).json()["rows"]
    names = {row["name"] for row in listed}
    assert len(names) == len(listed) == len(declared().views) + len(declared().acts)
    found = {name: browser.get(f"/api/dev/api/{name}", headers=DATA).status_code for name in names}
    assert {name: status for name, status in found.items() if status != 200} == {}
    told = browser.get("/api/dev/api/post-users-login-grant", headers=DATA).json()
    assert told["facts"] == {"方法": "POST", "地址": "/api/users/{login}/grant", "所需权限": "管理用户"}
    assert [(row["name"], row["required"]) for row in told["tables"][0]["rows"]] == [("role", True)]


def test_addresses_are_those_of_the_openapi_document(browser):
    """Nothing is listed that programs cannot call."""
    paths = browser.get("/api/openapi.json", headers=DATA).json()["paths"]
    listed = browser.get("/api/dev/api", headers=DATA).json()["rows"]
    assert [row["path"] for row in listed if row["method"].lower() not in paths.get(row["path"], ())] == []


def test_unknown_operation(browser):
    """One sentence, on the page as in its twin."""
    answer = browser.get("/api/dev/api/post-nothing", headers=DATA)
    assert (answer.status_code, answer.json()["code"]) == (404, "operation_missing")


def test_every_hook_with_its_promise(browser):
    """As many as there are kinds of plugins, none without a sentence."""
    rows = browser.get("/api/dev/hooks", headers=DATA).json()["rows"]
    assert (len(rows), all(row["promise"] for row in rows)) == (len(KINDS), True)


@pytest.mark.parametrize("text", ["<script>1</script>", "a <b onclick=x>b</b>", "[a](javascript:alert(1))"])
def test_a_document_brings_no_markup_of_its_own(text):
    """What is between angle brackets is read, not run."""
    shown = as_html(text)
    assert all(word not in shown for word in ("<script", "<b ", 'href="javascript'))


def test_types_are_said_as_programs_read_them():
    """Alternatives side by side, lists with what they hold."""
    act = next(one for one in declared().acts if one.code == "plans.add")
    types = {row["name"]: row["type"] for row in vendor.fields_of(act.model)}
    assert (types["starts"], types["team"], types["partners"]) == ("date", "integer", "array: string")
