"""Item list, registries, rules and ledger by pages."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import objects
from console import PAGE
from offices import Offices
from plugged import plugged
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.sample.registries import items


def table(rows: list[dict[str, str]]) -> bytes:
    """Rows as the CSV that somebody uploads."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(offices: Offices, path: str, name: str, data: bytes, **form: str) -> Any:
    """Send a file through the form of a page."""
    browser = offices.at("lead")
    sent = {"csrf": browser.csrf(), **form}
    return browser.post(f"/console{path}", data=sent, files={"file": (name, data)}, headers=PAGE)


def test_r6_1_upload_is_taken_or_refused_as_a_whole(offices: Offices) -> None:
    """Every bad row stands on the page at once, nothing is written; the mended file is written, with its name."""
    rows = objects(5)
    bad = [*rows, rows[0] | {"code": "1"}, rows[1] | {"code": "2"}]
    refused = upload(offices, "/registries/objects/import", "名录.csv", table(bad))
    assert (refused.status_code, refused.text.count("<li>第 ")) == (422, 2)
    assert offices.data("lead", "/registries/objects")["facts"]["现有行数"] == 0
    assert upload(offices, "/registries/objects/import", "名录.csv", table(rows)).status_code == 303
    facts = offices.data("lead", "/registries/objects")["facts"]
    assert (facts["现有行数"], facts["文件"], facts["更新情况"]) == (5, "名录.csv", "正常")


def test_r6_1_trial_run_writes_nothing(offices: Offices) -> None:
    """It says what would change."""
    body = {"file": {"name": "a.csv", "data": b64encode(table(objects(3))).decode()}, "dry_run": True}
    answer = offices.call("lead", "/registries/objects/import", body).json()
    assert (answer["changed"], answer["dry_run"]) == ({"added": 3, "changed": 0, "removed": 0}, True)
    assert offices.data("lead", "/registries/objects")["facts"]["现有行数"] == 0


def test_r6_4_old_registry_is_blocked(offices: Offices) -> None:
    """After more days than the rule allows the list says that nothing can be drawn from it."""
    offices.authority.take_in(objects=objects(3))
    offices.authority.wait(days=31)
    row = next(one for one in offices.data("lead", "/registries")["rows"] if one["kind"] == "objects")
    assert (row["age"], row["state"]) == (31, "blocked")


def test_r4_1_item_list_from_upload_to_publication(offices: Offices) -> None:
    """Imported, one item held, confirmed by the business office, approved by the leader, published."""
    assert upload(offices, "/catalogue/import", "清单.csv", table(items())).status_code == 303
    offices.done("lead", "/catalogue/1/JX-15/hold", reason="待定")
    unconfirmed = offices.call("lead", "/catalogue/submit").json()
    assert (unconfirmed["code"], unconfirmed["article"]) == ("list_refused", "第四条")
    offices.done("business", "/catalogue/confirm")
    offices.done("lead", "/catalogue/submit")
    assert offices.data("lead", "/catalogue")["acts"] == ["approve", "return"]
    offices.done("leader", "/catalogue/approve")
    offices.done("lead", "/catalogue/publish")
    states = [row["state"] for row in offices.data("lead", "/catalogue")["tables"][0]["rows"]]
    assert states == ["draft", "published"]
    assert (offices.authority.folder / "var/public/chongqing/items/index.json").is_file()


def test_r5_7_amended_basis_is_reviewed_by_the_lead_office(stocked: Offices) -> None:
    """The item stands on the list of reviews until its review is on record."""
    shown = stocked.data("lead", "/catalogue/1/JX-11")
    law, day = shown["item"]["basis"], stocked.authority.today - timedelta(days=1)
    stocked.done("lead", "/catalogue/amend-basis", law=law, amended_on=day.isoformat())
    reviews = stocked.data("lead", "/catalogue")["tables"][1]["rows"]
    assert ("JX-11", law) in [(row["item"], row["law"]) for row in reviews]
    stocked.done("lead", "/catalogue/1/JX-11/review", law=law, outcome="保持不变")
    left = stocked.data("lead", "/catalogue")["tables"][1]["rows"]
    assert (len(left), "JX-11" in [row["item"] for row in left]) == (len(reviews) - 1, False)


def test_r18_2_rules_of_a_day_with_their_source(offices: Offices) -> None:
    """Value, document, article, file and line; an unknown key is not found."""
    rows = {row["key"]: row for row in offices.data("leader", "/rules")["rows"]}
    rules = offices.authority.office.rules(offices.authority.today)
    assert rows.keys() == set(rules)
    one = offices.data("leader", "/rules/registry.feed_block_days")
    assert (one["value"], one["basis"], one["place"].partition(":")[0]) == (
        rules.number("registry.feed_block_days"), rules["registry.feed_block_days"].basis,
        rules["registry.feed_block_days"].file,
    )  # fmt: skip
    assert offices.at("leader").get("/api/rules/no.such").status_code == 404
    assert date.fromisoformat(offices.data("leader", "/rules/draw.alternates?on=2026-01-02")["facts"]["日期"]).day == 2


def test_r17_1_rules_of_a_plugin_say_so(offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin and its article stand where others have file and line, in the list and as the ladder's last step."""
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(plugged(tmp_path / "configuration", "rules-liangjiang")))
    rows = {row["key"]: row for row in offices.data("leader", "/rules")["rows"]}
    mine = [key for key, row in rows.items() if row["place"] == "插件 rules-liangjiang"]
    assert mine == [
        "recusal.after_inspection_days", "draw.least_percent", "team.officers_for", "publication.days",
    ]  # fmt: skip
    found = offices.data("leader", "/rules/draw.least_percent")
    last = {"amount": "D=10 %", "basis": "两江新区示范〔2026〕1号 第四条", "place": "插件 rules-liangjiang"}
    assert found["facts"]["取值"] == last["amount"]
    ladder = found["tables"][0]["rows"]
    assert [{name: step[name] for name in last} for step in ladder[1:]] == [last]
    assert (ladder[0]["pack"], ladder[0]["amount"]) == ("shuangsui-defaults", "无")
    assert "插件 rules-liangjiang" in offices.page("leader", "/rules/draw.least_percent")


def test_p4_ledger_page_verifies_what_it_shows(offices: Offices) -> None:
    """The newest entries, verified; only for who reads the audit."""
    offices.authority.take_in(objects=objects(3))
    shown = offices.data("supervisor", "/ledger")
    with offices.authority.session() as session:
        last = session.exec(select(LedgerEntry).order_by(LedgerEntry.n.desc())).first()
    assert (shown["intact"], shown["tables"][0]["rows"][0]["n"]) == (True, last.n)
    assert offices.data("supervisor", f"/ledger/{last.n}")["facts"]["摘要"] == last.hash
    assert offices.at("lead").get("/api/ledger").status_code == 403
