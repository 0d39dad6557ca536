"""公示渠道: every receiver, whether it works, what waits there; and sending all of it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority
from command import Installation
from exporting import TOKEN_ENV
from inspecting import Team, team
from officials import Official
from plugged import plugged
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import ChannelState, Delivery
from shuangsui.extension.handing import pool
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.testing.sink import TOKEN, Sink

PORTAL, CREDIT, GONE = "channel-portal/portal", "by-hand/credit", "channel-old/old"
COMMAND = ("disclosure", "channels", "--tenant", "chongqing")


@pytest.fixture
def lead(authority: Authority, enter: Callable[..., Official]) -> Official:
    """Who has published one result."""
    one: Team = team(authority).whole()
    official = enter("lead")
    official.done(f"/rulings/{one.no}/publish")
    return official


def change(authority: Authority, channel: str = PORTAL, **to: object) -> None:
    """The delivery of the portal as a failure leaves it."""
    with authority.session() as session:
        (row,) = session.exec(select(Delivery).where(Delivery.channel == PORTAL))
        row.channel = channel
        for name, value in to.items():
            setattr(row, name, value)
        session.add(row)


def open_breaker(authority: Authority) -> None:
    with authority.session() as session:
        error = {"code": "not_seen", "params": {"channel": PORTAL}}
        until = db.now(session) + timedelta(minutes=5)
        session.add(ChannelState(channel=PORTAL, failures=7, open_until=until, error=error))


def test_page_shows_every_receiver_with_its_breaker_and_what_waits(authority: Authority, lead: Official) -> None:
    """One that no plugin serves as well; the last error as its sentence."""
    change(authority, state=DeliveryState.REFUSED, error={"code": "channel_gone", "params": {"channel": PORTAL}})
    open_breaker(authority)
    rows = {row["channel"]: row for row in lead.read("/channels")["rows"]}
    assert set(rows) == {PORTAL, CREDIT}
    portal, credit = rows[PORTAL], rows[CREDIT]
    assert portal["kind_names"] == ["抽查情况", "抽查结果", "不予公开的说明"]
    assert (portal["duty_name"], portal["state_name"], portal["waiting"], portal["refused"]) == (
        "门户网站",
        "正常",
        0,
        1,
    )
    assert portal["breaker"].startswith("连续失败 7 次，暂停到 2026-06-15")
    assert portal["last_error"].startswith(f"渠道 {PORTAL} 已经接收")
    assert (credit["duty_name"], credit["waiting"], credit["message"]) == (
        "信用信息公示系统", 1, "没有对接的插件：由人工办理并登记回执"
    )  # fmt: skip
    page = lead.page("/channels").text
    assert ("公示渠道" in page, portal["breaker"] in page, credit["message"] in page) == (True, True, True)


def test_button_sends_everything_of_a_channel_anew(authority: Authority, lead: Official) -> None:
    """For whoever publishes, breaker or not; by-hand receipts are nobody's to send."""
    assert lead.offers("/channels") == []
    change(authority, state=DeliveryState.REFUSED, receipt=None)
    open_breaker(authority)
    assert lead.offers("/channels") == ["replay"]
    lead.done("/channels/replay", channel=PORTAL)
    with authority.session() as session:
        (row,) = session.exec(select(Delivery).where(Delivery.channel == PORTAL))
        (state,) = session.exec(select(ChannelState))
        acts = [one.act for one in session.exec(select(LedgerEntry)) if one.act == "disclosure.replay"]
        assert (row.state, state.open_until <= db.now(session), len(acts)) == (DeliveryState.WAITING, True, 1)
    for channel in (CREDIT, "nothing/there"):
        assert lead.refused("/channels/replay", channel=channel)[:2] == (404, "channel_idle")


def test_other_roles_may_look_and_not_send(
    authority: Authority, lead: Official, enter: Callable[..., Official]
) -> None:
    """The system administrator, who has no business with results, does neither."""
    change(authority, state=DeliveryState.REFUSED)
    office, sys = enter("inspection", Role.INSPECTION_OFFICE), enter("sys")
    assert (office.page("/channels").status_code, office.offers("/channels")) == (200, [])
    assert office.refused("/channels/replay", channel=PORTAL)[:2] == (403, "not_allowed")
    assert sys.page("/channels").status_code == 403


def test_what_is_left_for_a_plugin_that_is_switched_off_stays_in_sight(authority: Authority, lead: Official) -> None:
    """With the reason."""
    change(authority, GONE, state=DeliveryState.HANDED_OVER)
    rows = {row["channel"]: row for row in lead.read("/channels")["rows"]}
    assert (rows[GONE]["ok"], rows[GONE]["waiting"]) == (False, 1)
    assert rows[GONE]["message"].startswith(f"渠道 {GONE} 所属的插件没有启用")


def test_command_lists_exporters_and_ends_with_3_if_one_does_not_work(tmp_path: Path) -> None:
    """The sink up, the sink down, the plugin not loaded at all."""
    with Sink() as sink:
        options = f'address = "{sink.url("credit")}/gsxt"\ntoken_env = "{TOKEN_ENV}"'
        tenants = plugged(tmp_path, "exporter-gsxt", options)
        at = Installation(tmp_path / "var", tenants, {TOKEN_ENV: TOKEN})
        up = at.run(*COMMAND, "--json")
        assert (up.status, [(one["channel"], one["ok"]) for one in up.json]) == (
            0, [(PORTAL, True), ("exporter-gsxt/gsxt", True)]
        )  # fmt: skip
        assert (up.json[1]["duty"], "result" in up.json[1]["kinds"]) == ("credit", True)
    pool.close()
    down = at.run(*COMMAND)
    line = next(line for line in down.out.splitlines() if "exporter-gsxt" in line)
    assert (down.status, "不能用" in line, "信用信息公示系统" in line) == (3, True, True)
    allowed = "channel-portal,entropy-ceremony,experts-roster,rules-cq-order-375"
    unloaded = Installation(tmp_path / "var", tenants, {"SHUANGSUI_PLUGINS": allowed})
    found = {one["channel"]: one for one in unloaded.run(*COMMAND, "--json").json}
    assert (set(found), found["exporter-gsxt/*"]["ok"]) == ({PORTAL, "exporter-gsxt/*"}, False)
    assert "exporter-gsxt" in found["exporter-gsxt/*"]["message"]
    pool.close()
