"""Callbacks: doors of plugins for other systems, each at its own address, and none of a plugin that is off."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from console import DATA, Browser, settings_of, staff
from shuangsui.access.policy import Role
from shuangsui.called import CALL_BYTES
from shuangsui.errors import OutsideFailed
from shuangsui.extension import callbacks, handing, loading
from shuangsui.extension.lanes import lanes

DOOR = """
import os
from shuangsui import Call, Reply, hookimpl
api = 1
class Door:
    name = "door"
    def answer(self, call):
        if call.headers.get("x-token") != "open":
            return Reply(403)
        if call.body == b"fail":
            raise RuntimeError("boom")
        if call.body == b"exit":
            os._exit(7)
        said = [call.method, call.query.get("a", ""), call.body.decode(), call.headers.get("cookie", "no cookie")]
        return Reply(202, "|".join(said))
@hookimpl
def register_callbacks(context): return [Door()]
"""
NAMED = (
    "from shuangsui import Reply, hookimpl\napi = 1\nclass Door:\n    def __init__(self, name): self.name = name\n"
    "    def answer(self, call): return Reply(200, 'mine')\n@hookimpl\ndef register_callbacks(context): return ["
)
OPEN = {"X-Token": "open"}
PATH = "/callbacks/chongqing/door/door"


@pytest.fixture
def browser(database, engine, tmp_path, installed) -> Iterator[Browser]:
    """A system administrator's, beside a plugin with one door, which is switched on."""
    installed("door", DOOR)
    staff(engine, {"root": Role.SYSTEM_ADMIN})
    with Browser(settings_of(database.app, tmp_path)) as made:
        made.sign_in("root")
        assert made.submit("/console/plugins/door/on").status_code == 303
        yield made
    handing.pool.close()


def missing(browser: Browser, path: str) -> tuple[int, bytes]:
    """What anybody gets there."""
    answer = browser.beside().post(path, headers=OPEN)
    return answer.status_code, answer.content


def test_call_reaches_its_plugin_and_the_reply_its_caller(browser):
    """Method, parameters, body; no cookie of ours, no session, no token of a form."""
    answer = browser.post(f"{PATH}?a=1", content=b"x", headers=OPEN)
    assert (answer.status_code, answer.text) == (202, "POST|1|x|no cookie")
    assert browser.beside().get(PATH, headers=OPEN).text == "GET|||no cookie"
    assert answer.headers["content-type"].startswith("text/plain")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    assert browser.beside().post(PATH).status_code == 403


def test_plugin_that_is_off_is_not_found_like_any_other(browser):
    """Byte for byte as one that was never installed, another name, another authority and none at all."""
    assert browser.submit("/console/plugins/door/off").status_code == 303
    off = missing(browser, PATH)
    others = ("chongqing/other/door", "chongqing/channel-portal/door", "liangjiang/door/door", "nowhere/door/door")
    assert off[0] == 404
    assert {missing(browser, f"/callbacks/{other}") for other in others} == {off}
    assert browser.submit("/console/plugins/door/on").status_code == 303
    assert {missing(browser, f"/callbacks/chongqing/door/{name}") for name in ("other", "..")} == {off}
    assert browser.beside().post(PATH, headers=OPEN).status_code == 202


def test_page_of_the_plugin_says_the_address(browser):
    """For whoever enters it at the other system."""
    assert browser.get("/api/plugins/door", headers=DATA).json()["facts"]["回调地址"] == PATH
    assert "回调地址" not in browser.get("/api/plugins/channel-portal", headers=DATA).json()["facts"]


@pytest.mark.parametrize("body", [b"fail", b"exit"])
def test_plugin_that_fails_lets_the_caller_try_again(browser, body):
    """503 without a word of what went wrong; the next call finds it well."""
    answer = browser.post(PATH, content=body, headers=OPEN)
    assert (answer.status_code, answer.content, answer.headers["retry-after"]) == (503, b"", "30")
    assert browser.post(PATH, content=b"x", headers=OPEN).status_code == 202


def test_body_that_is_too_long_reaches_nobody(browser):
    """Refused before any plugin is asked."""
    assert browser.post(PATH, content=b"x" * (CALL_BYTES + 1), headers=OPEN).status_code == 413


def test_strangers_keep_two_processes_busy_at_most(browser, monkeypatch):
    """The third at the same time is told to come again."""
    meeting, found = Barrier(3), []

    def held(*_arguments):
        meeting.wait(20)
        raise OutsideFailed("plugin_failed", plugin="door", step="answer", reason="x")

    monkeypatch.setattr(callbacks.pool, "ask", held)
    threads = [Thread(target=lambda: found.append(browser.beside().post(PATH).status_code)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while meeting.n_waiting < 2:
        pass
    assert browser.beside().post(PATH).status_code == 503
    meeting.wait(20)
    for thread in threads:
        thread.join()
    assert found == [503, 503]


@pytest.mark.parametrize("names", ["Door('a'), Door('a')", "Door('../../../console')", "Door('a/b')", "Door('')"])
def test_09_name_that_collides_or_leads_elsewhere_is_reported(browser, installed, names):
    """Neither its own other doors nor any address of the platform or of a neighbour is its own."""
    before = [browser.get(path, headers=DATA).content for path in ("/livez", "/console/login")]
    installed("bad", f"{NAMED}{names}]\n")
    loading.forget()
    assert browser.submit("/console/plugins/bad/on").status_code == 503
    said = lanes.of("bad").incidents[-1].error.code
    assert said in ("plugin_name_twice", "plugin_answer_wrong")
    assert [browser.get(path, headers=DATA).content for path in ("/livez", "/console/login")] == before
    assert missing(browser, "/callbacks/chongqing/bad/a")[0] == 404
    assert browser.beside().post(PATH, headers=OPEN).status_code == 202
