"""通知 and 我的通知 at the console and in its JSON twins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from console import DATA
from notifying import BREACH, Box, Desk, refusing
from officials import Official, officials
from shelf import Place
from shuangsui.access.policy import Role
from shuangsui.errors import OutsideFailed
from shuangsui.extension.isolation import Absent

PHONE = "tel/13800138000"


@pytest.fixture
def enter(desk: Desk, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Official]]:
    with officials(desk.authority, place.database.app, monkeypatch) as made:
        yield made


def test_list_shows_what_needs_somebody_first(desk: Desk, box: Box, enter: Callable[..., Official]) -> None:
    """With state and reason; no address, and nothing of what was kept in."""
    desk.alarm("result/sent")
    desk.work()
    box.fail = refusing
    desk.alarm("result/refused")
    desk.alarm(PHONE)
    desk.work()
    sys = enter("sys", Role.SYSTEM_ADMIN)
    rows = sys.read("/notifications")["rows"]
    assert [(row["state"], row["login"]) for row in rows] == [
        ("refused", "leader"), ("blocked", "leader"), ("sent", "leader"),
    ]  # fmt: skip
    assert ("没有这个号码" in rows[0]["problem"], "移动电话号码" in rows[1]["problem"]) == (True, True)
    page = sys.page("/notifications").text
    assert ("被退回 1 条，含个人信息而没有发出 1 条" in page, "result/refused" in page) == (True, True)
    assert not [one for one in ("@jxw", "13800138000") if one in page]
    assert [row["state"] for row in sys.read("/notifications?state=sent")["rows"]] == ["sent"]
    one = sys.read(f"/notifications/{rows[2]['id']}")
    assert (one["facts"]["对方的回执"], one["acts"]) == ("no. 1", [])
    assert not [kind for kind in ("13800138000", "@jxw") if kind in sys.page(f"/notifications/{rows[1]['id']}").text]


def test_buttons_start_again(desk: Desk, box: Box, enter: Callable[..., Official]) -> None:
    """One, or all that were refused; what is sent has no button."""
    box.fail = refusing
    desk.alarm(to=("leader", "inspection_office"))
    desk.work()
    sys = enter("sys", Role.SYSTEM_ADMIN)
    first = sys.read("/notifications")["rows"][0]["id"]
    assert (sys.offers("/notifications"), sys.offers(f"/notifications/{first}")) == (["again"], ["again", "drop"])
    box.fail = lambda _message: None
    sys.done(f"/notifications/{first}/again")
    desk.work()
    assert sorted(desk.states()) == ["refused", "refused", "sent"]
    sys.done("/notifications/again")
    desk.work()
    assert (desk.states(), sys.offers("/notifications"), sys.offers(f"/notifications/{first}")) == (
        ["sent"] * 3,
        [],
        [],
    )
    assert sys.refused(f"/notifications/{first}/again")[:2] == (409, "notification_not_startable")
    assert sys.refused(f"/notifications/{first}/drop")[:2] == (409, "notification_not_startable")
    assert sys.refused("/notifications/again")[:2] == (409, "notification_none_refused")


def test_other_roles_and_other_authorities_see_nothing(desk: Desk, enter: Callable[..., Official]) -> None:
    """403 for the roles; another authority's notification is like one that is missing."""
    other, there = desk.authority.beside("yuzhong"), Box()
    desk.ways[other.slug] = [there.way]
    desk.address("leader", other.slug, email="leader@yuzhong.example.gov.cn")
    desk.alarm("result/there", BREACH, ("leader",), other.slug)
    desk.work(other.slug)
    (foreign,) = desk.rows(other.slug)
    lead, sys = enter("lead"), enter("sys", Role.SYSTEM_ADMIN)
    assert [lead.page(path).status_code for path in ("/notifications", f"/notifications/{foreign.id}")] == [403, 403]
    assert lead.call("/notifications/again").json()["code"] == "not_allowed"
    assert sys.read("/notifications")["rows"] == []
    for id_ in (foreign.id, uuid4(), "nothing"):
        assert sys.page(f"/notifications/{id_}").status_code == 404
        answer = sys.call(f"/notifications/{id_}/again")
        assert (answer.status_code, answer.json()["code"]) == (404, "notification_missing")


def test_page_of_notifiers_asks_every_one(desk: Desk, box: Box, enter: Callable[..., Official]) -> None:
    """With what waits for it, and the reason of one that cannot be used."""
    broken = Absent("texts", OutsideFailed("plugin_failed", plugin="texts", step="register", reason="没有选项"))
    desk.ways["chongqing"] = [box.way, broken]
    box.fail = refusing
    desk.alarm()
    desk.work()
    sys = enter("sys", Role.SYSTEM_ADMIN)
    rows = sys.read("/notifiers")["rows"]
    assert [(row["notifier"], row["address"], row["state_name"], row["refused"]) for row in rows] == [
        ("mailer/box", "电子邮件地址", "正常", 1), ("texts", "", "不能用", 0),
    ]  # fmt: skip
    assert ("没有选项" in rows[1]["message"], "1 种不能用" in sys.page("/notifiers").text) == (True, True)
    assert enter("lead").page("/notifiers").status_code == 403


def test_everybody_has_a_page_for_his_own_addresses(desk: Desk, enter: Callable[..., Official]) -> None:
    """Whatever his role; in full to himself, and a fault does not repeat what was typed."""
    checker = enter("checker")
    assert checker.offers("/account") == ["address", "digest"]
    checker.done("/account/address", kind="wecom", address="checker.wx")
    checker.done("/account/address", kind="email", address="")
    checker.done("/account/digest", digest="no")
    known = checker.read("/account")
    assert (known["addresses"], known["digest"]) == ({"wecom": "checker.wx"}, False)
    assert "checker.wx" in checker.page("/account").text
    status, code, _ = checker.refused("/account/address", kind="phone", address="12345")
    assert (status, code) == (422, "address_invalid")
    assert checker.browser.get("/api/account", headers=DATA).json()["facts"]["手机号码"] is None


def test_security_administrator_sets_them_for_others(desk: Desk, enter: Callable[..., Official]) -> None:
    """On the user's page, which does not show them."""
    guard = enter("sec.admin")
    guard.done("/users/lead/address", kind="email", address="lead@jxw.example.gov.cn")
    assert "lead@jxw" not in guard.page("/users/lead").text
    assert enter("lead").read("/account")["addresses"] == {"email": "lead@jxw.example.gov.cn"}
    assert enter("checker").call("/users/lead/address", {"kind": "email", "address": ""}).status_code == 403
