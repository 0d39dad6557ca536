"""The catalogue of plugins at the console: what it shows, forms made of a plugin's own options, and its twin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from console import DATA, PAGE, Browser, settings_of, staff
from distributions import SPEAKING, TALKING
from plugged import plugged
from shuangsui.access.policy import Role
from shuangsui.extension import loading
from shuangsui.extension.secrecy import MASK

PATH = "/console/plugins/speaking"


@pytest.fixture
def browser(database, engine, tmp_path, installed) -> Iterator[Browser]:
    """A system administrator's; a plugin is installed that nobody has switched on."""
    installed("speaking", SPEAKING)
    installed("broken", "import a_module_that_is_not_there\n")
    staff(engine, {"root": Role.SYSTEM_ADMIN, "lead": Role.LEAD_OFFICE})
    with Browser(settings_of(database.app, tmp_path)) as made:
        made.sign_in("root")
        yield made


def row(browser: Browser, name: str) -> dict:
    """A line of the twin of the catalogue."""
    found = browser.get("/api/plugins", headers=DATA).json()["rows"]
    return next(one for one in found if one["name"] == name)


def values(browser: Browser) -> dict[str, tuple[object, str]]:
    """Option → value and place."""
    options = browser.get("/api/plugins/speaking", headers=DATA).json()["tables"][0]["rows"]
    return {one["key"]: (one["value"], one["place"]) for one in options}


def test_catalogue_shows_state_health_and_who(browser):
    """Name, version, kind, state, health, who and when; a broken one with its sentence, and the page stands."""
    browser.submit(f"{PATH}/on")
    on, off = row(browser, "speaking"), row(browser, "channel-email")
    assert {key: on[key] for key in ("version", "kinds", "state", "health", "message", "who")} == {
        "version": "1.0", "kinds": "公示渠道", "state": "enabled", "health": "正常", "message": "用的是 plain。",
        "who": "root",
    }  # fmt: skip
    assert (on["when"] != "", off["state"], off["who"], off["health"]) == (True, "disabled", "", "")
    assert row(browser, "channel-portal")["who"].startswith("配置文件 tenants/chongqing/tenant.toml:")
    broken = row(browser, "broken")
    assert (broken["state"], broken["problem"].partition("（")[0]) == ("broken", "插件 broken 导入失败")
    page = browser.get("/console/plugins", headers=PAGE)
    assert (page.status_code, "speaking" in page.text) == (200, True)


def test_list_is_a_glance_and_the_page_of_a_plugin_says_the_rest(browser):
    """Words in the cells; sentences, times and the line of the file stand on the plugin's own page."""
    browser.submit(f"{PATH}/on")
    page = browser.get("/console/plugins", headers=PAGE).text
    headings = ["插件", "版本", "种类", "状态", "健康", "启停人", "启停日期"]
    assert re.findall(r'<th scope="col">(?:<a [^>]*>)?([^<]+)', page) == headings
    on, listed = row(browser, "speaking"), row(browser, "channel-portal")
    assert (on["by"], on["day"], listed["by"], listed["health"]) == ("root", on["when"][:10], "配置文件", "未检查")
    assert (len(listed["day"]), listed["when"].partition("（")[2]) == (10, "文件的修改时间）")
    assert [text in page for text in (on["message"], listed["who"])] == [False, False]
    pages = [browser.get(path, headers=PAGE).text for path in (PATH, "/console/plugins/channel-portal")]
    assert [on["message"] in pages[0], on["when"] in pages[0], listed["who"] in pages[1]] == [True, True, True]


def test_options_form_holds_what_is_in_force_and_keeps_what_differs(browser):
    """The list of names is typed line by line; a reset brings the default back."""
    browser.submit(f"{PATH}/on")
    page = browser.get(PATH, headers=PAGE).text
    assert all(text in page for text in ("用什么词", "几次", "名单"))
    form = {"word": "loud", "times": "1", "names": "甲\r\n乙"}
    assert browser.submit(f"{PATH}/options", form).status_code == 303
    assert values(browser) == {
        "word": ("loud", "管理页面"), "times": (1, "插件的默认值"), "names": (["甲", "乙"], "管理页面"),
    }  # fmt: skip
    assert browser.submit(f"{PATH}/reset", {"key": "word"}).status_code == 303
    assert values(browser)["word"] == ("plain", "插件的默认值")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [({"word": "far too long"}, "太长。"), ({"times": "10"}, "太大。"), ({"word": "bad"}, "用的是 bad。")],
)
def test_wrong_option_is_shown_beside_its_field_or_in_a_sentence(browser, form, sentence):
    """By the plugin's own limits, and by its look at itself; nothing is kept."""
    browser.submit(f"{PATH}/on")
    answer = browser.submit(f"{PATH}/options", {"word": "plain", "times": "1", **form})
    assert (answer.status_code in (409, 422), sentence in answer.text) == (True, True)
    assert values(browser)["word"] == ("plain", "插件的默认值")


def test_options_are_documented_for_programs(browser):
    """Each plugin's own schema stands in the OpenAPI document."""
    schemas = browser.get("/api/openapi.json", headers=DATA).json()["components"]["schemas"]
    assert schemas["plugin.speaking"]["properties"]["times"] == {
        "default": 1, "description": "几次", "maximum": 9, "minimum": 1, "title": "Times", "type": "integer",
    }  # fmt: skip


def test_switched_off_answers_as_before(browser):
    """Off again, and on record twice."""
    browser.submit(f"{PATH}/on")
    assert browser.submit(f"{PATH}/off").status_code == 303
    assert row(browser, "speaking")["state"] == "disabled"
    assert browser.submit(f"{PATH}/off").status_code == 409


def test_catalogue_is_the_system_administrators(browser):
    """The lead office publishes, but does not choose with what."""
    other = browser.beside()
    other.sign_in("lead")
    assert [other.get(path, headers=PAGE).status_code for path in ("/console/plugins", PATH)] == [403, 403]


def test_unknown_plugin_is_missing(browser):
    """As anything that is not there."""
    assert browser.get("/console/plugins/ghost", headers=PAGE).status_code == 404


SEALED = SPEAKING.replace(
    "class Channel:", "    password: SecretStr = Field(SecretStr('{}'), description='口令')\nclass Channel:"
).replace("import Field", "import Field, SecretStr")
CANARY = "k4n4ri-5ecret"


def test_secret_is_on_no_page_in_no_twin_and_in_no_form(browser, installed):
    """That there is one is said; what it is, nowhere, and what is typed for it is not taken."""
    loading.forget()
    installed("sealed", SEALED.replace("{}", CANARY))
    path = "/console/plugins/sealed"
    assert browser.submit(f"{path}/on").status_code == 303
    answers = [browser.get(path, headers=PAGE), browser.get("/api/plugins/sealed", headers=DATA),
               browser.get("/api/openapi.json", headers=DATA)]  # fmt: skip
    assert [(one.status_code, CANARY in one.text) for one in answers] == [(200, False)] * 3
    rows = {one["key"]: one for one in answers[1].json()["tables"][0]["rows"]}
    assert (rows["password"]["value"], rows["password"]["amount"]) == (MASK, MASK)
    assert 'name="password"' not in answers[0].text
    browser.submit(f"{path}/options", {"word": "plain", "times": "1", "password": "other"})
    after = browser.get("/api/plugins/sealed", headers=DATA).json()["tables"][0]["rows"]
    assert {one["key"]: one for one in after}["password"]["place"] == "插件的默认值"


def test_secret_of_a_file_is_not_among_the_settings(installed, database, engine, tmp_path):
    """Whoever may look at the authority's business sees that there is one, and in which line."""
    loading.forget()
    installed("sealed", SEALED)
    staff(engine, {"lead": Role.LEAD_OFFICE})
    tenants = plugged(tmp_path, "sealed", f'password = "{CANARY}"\nword = "ours"')
    settings = settings_of(database.app, tmp_path).model_copy(update={"tenants": tenants})
    with Browser(settings) as browser:
        browser.sign_in("lead")
        answer = browser.get("/api/settings", headers=DATA)
    rows = {one["key"]: one["amount"] for one in answer.json()["rows"]}
    assert (rows["options.sealed.word"], rows["options.sealed.password"]) == ("ours", MASK)
    assert CANARY not in answer.text


SHARED = (
    "插件 talking 用的环境变量 TALKING_TOKEN 不是本机关自己的，它的选项不能在这里修改："
    "请运维人员先在本机关的 tenant.toml 里用选项 token_env 写明本机关的环境变量。"
)


def test_page_offers_no_option_that_is_refused(browser, installed, monkeypatch):
    """The name of a variable never; no option at all while the variable is another's, and one note says why."""
    loading.forget()
    installed("talking", TALKING)
    path = "/console/plugins/talking"
    before = browser.get(path, headers=PAGE).text
    assert ['name="address"' in before, 'name="token_env"' in before] == [True, False]
    browser.submit(f"{path}/options", {"address": "https://own.example"})
    monkeypatch.setenv("TALKING_TOKEN", "another's")
    after, twin = browser.get(path, headers=PAGE).text, browser.get("/api/plugins/talking", headers=DATA).json()
    assert (twin["acts"], twin["notes"]) == (["on", "reset"], [SHARED])
    assert ['name="address"' in after, SHARED in after] == [False, True]
    assert browser.submit(f"{path}/options", {"address": "https://other.example"}).status_code == 409
    assert browser.submit(f"{path}/reset", {"key": "address"}).status_code == 303
