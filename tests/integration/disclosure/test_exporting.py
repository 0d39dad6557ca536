"""From a decision to the receiving systems: exporters in their own processes, against the sink's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from authority import Authority, inspectors, line_terms, objects
from disclosing import uscc
from exporting import TOKEN_ENV
from inspecting import team
from plugged import plugged
from shelf import Place
from shuangsui.disclosed import ResultContent
from shuangsui.disclosure import contents, disclosures, shown
from shuangsui.disclosure.policy import Action, DeliveryState
from shuangsui.draws.tables import Draw
from shuangsui.extension.handing import pool
from shuangsui.settings import Settings
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui.worker.process import drain, runner_of


@pytest.fixture
def authority(place: Place) -> Authority:
    return Authority(place.engine, place.folder, place=place)


def drawn(authority: Authority) -> Draw:
    """Of enterprises with codes that a credit system takes."""
    rows = [row | {"code": uscc(n)} for n, row in enumerate(objects(40), 1)]
    authority.take_in(objects=rows, inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(expert=False)))
    return authority.draw()


def deliver(authority: Authority, settings: Settings) -> dict[str, tuple[str, DeliveryState]]:
    """Every delivery after all work that is due: channel → kind and state."""
    drain(runner_of(authority.engine, settings), authority.engine, authority.slug)
    pool.close()
    with authority.session() as session:
        return {one.delivery.channel: (one.disclosure.kind, one.delivery.state) for one in shown.sent(session)}


def test_r14_5_result_reaches_portal_and_credit_system_with_receipts(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sink holds the block's own form once; its number is the receipt; nothing waits for a person."""
    one = team(authority, drawn(authority)).published()
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with Sink() as sink:
        options = f'address = "{sink.url("credit")}/gsxt"\ntoken_env = "{TOKEN_ENV}"'
        tenants = plugged(tmp_path, "exporter-gsxt", options)
        settings = Settings(var=tmp_path, tenants=tenants, key_file=authority.folder / "master.key")
        found = deliver(authority, settings)
        (held,) = sink.credit.all("gsxt")
    assert found == {
        "channel-portal/portal": ("result", DeliveryState.CONFIRMED),
        "exporter-gsxt/gsxt": ("result", DeliveryState.CONFIRMED),
    }
    with authority.session() as session:
        (sent,) = (row for row in shown.sent(session) if row.delivery.channel == "exporter-gsxt/gsxt")
        assert (sent.delivery.receipt or {})["reference"] == held.number
    task = one.read()
    row = json.loads(held.data)
    assert (row["pripId"], row["raninsTaskId"], held.copies) == (task.object_code, task.draw_no, 1)


ID_NUMBER = "11010519491231002X"
"""The number that is printed with the standard as its sample."""


def test_personal_data_reach_no_channel_and_the_field_is_named(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values are looked at before any receiver's form is made of them; the delivery is blocked on every channel."""
    team(authority, drawn(authority)).published()
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with authority.session() as session:
        (row,) = disclosures.catch_up(session, authority.office, "")
        content = contents.content_of(row)
        assert isinstance(content, ResultContent)
        disclosures.make(
            session, row.kind, row.key, replace(content, follow_up=f"联系人 {ID_NUMBER}"), actor="lead",
            action=Action.CORRECT, note="更正",
        )  # fmt: skip
    with Sink() as sink:
        options = f'address = "{sink.url("credit")}/gsxt"\ntoken_env = "{TOKEN_ENV}"'
        tenants = plugged(tmp_path, "exporter-gsxt", options)
        settings = Settings(var=tmp_path, tenants=tenants, key_file=authority.folder / "master.key")
        found = deliver(authority, settings)
        assert [request.path for request in sink.received] == []
    assert {state for _, state in found.values()} == {DeliveryState.REFUSED}
    with authority.session() as session:
        errors = [one.delivery.error or {} for one in shown.sent(session)]
    assert [(one["code"], one["params"]["where"]) for one in errors] == [("personal_data", "content.follow_up")] * 2
    public = [path for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert [path for path in public if ID_NUMBER.encode() in path.read_bytes()] == []
    assert ID_NUMBER not in str(errors)
