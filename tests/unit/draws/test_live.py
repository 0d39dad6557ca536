"""The events of the live page: read out of a transcript, only ever more of them, and nobody's name among them."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from shuangsui.draws import live
from transcripts import Example, entries, full, log_bytes, plain

Files = dict[str, bytes]
SALT = "企业的名字"
KINDS = ["lock", "commit", "entropy", "reveal", "seed", "tickets", "pick", "done"]


def events(files: Files, names: dict[str, str] | None = None) -> list[live.Event]:
    return live.events(files, names or {})


def of(found: list[live.Event], kind: str) -> list[live.Event]:
    """Those of one type."""
    return [event for event in found if event["type"] == kind]


def until(example: Example, size: int) -> Files:
    """The transcript when the log had ``size`` entries."""
    files = dict(example.files)
    files["log.jsonl"] = log_bytes(entries(files)[:size])
    if not any(entry["kind"] == "RESULT" for entry in entries(files)):
        files.pop("result.json", None)
    return files


def test_events_are_numbered_and_come_in_the_order_of_the_six_steps() -> None:
    """One by one from 1."""
    found = events(dict(full().files))
    assert [event["n"] for event in found] == list(range(1, len(found) + 1))
    assert [e["stage"] for e in of(found, "stage")] == ["lock", "entropy", "reveal", "tickets", "pick", "done"]
    assert list(dict.fromkeys(e["type"] for e in found if e["type"] != "stage")) == KINDS


@pytest.mark.parametrize("example", [full(), plain(), plain("public")], ids=["full", "salted", "public"])
def test_a_longer_log_only_adds_events(example: Example) -> None:
    """What was shown is never taken back, whatever is logged later: replacements included."""
    sizes = range(1, len(entries(example.files)) + 1)
    grown = [events(until(example, size)) for size in sizes]
    assert [later[: len(earlier)] for earlier, later in pairwise(grown)] == grown[:-1]
    assert [found[-1]["type"] for found in grown].count("done") >= 1


def test_openings_change_nothing() -> None:
    """Names appear on the draw's own page; a stream that somebody half heard stays the stream it was."""
    files = dict(full().files)
    assert json.loads(files["openings.json"]) != {}
    assert events(files | {"openings.json": b"{}"}) == events(files)


def test_lock_says_rows_quota_and_digest_of_the_plan() -> None:
    """The same values as in plan.json."""
    files = dict(full().files)
    plan, (lock,) = json.loads(files["plan.json"]), of(events(files), "lock")
    frozen = plan["snapshot"]
    assert (lock["rows"], lock["root"], lock["quota"]) == (frozen["n"], frozen["root"], plan["quota"])
    assert lock["picks"] == sum(plan["quota"].values())


def test_picks_are_the_result_in_work_order() -> None:
    """Row, first eight digits and ticket of each drawn object, and the people of its seats."""
    files = dict(full().files)
    result, rows = json.loads(files["result.json"]), files["rows.txt"].decode().splitlines()
    tickets = {b: ticket for drawn in result["objects"].values() for b, ticket in drawn}
    picks = of(events(files), "pick")
    assert [(p["b"], p["ticket"]) for p in picks] == [(b[:8], tickets[b]) for b in result["order"]]
    assert [rows[p["row"] - 1][:64] for p in picks] == result["order"]
    assert [p["teams"] for p in picks] == result["teams"]["slots"]
    assert [p["experts"] for p in picks] == result["experts"]["slots"]


def test_recusals_stand_with_the_drawn_object() -> None:
    """As the plan has them, for drawn objects only."""
    files = dict(full().files)
    plan, order = json.loads(files["plan.json"]), json.loads(files["result.json"])["order"]
    pairs = [pair for pool in ("teams", "experts") for pair in plan[pool]["recuse"]]
    expected = [sorted(who for who, b in pairs if b == drawn) for drawn in order]
    assert [sorted(pick["recused"]) for pick in of(events(files), "pick")] == expected


def test_every_ticket_is_in_the_histogram() -> None:
    """As many as there are eligible rows; bins are the leading part of the tickets."""
    files = dict(plain().files)
    (tickets,), (lock,) = of(events(files), "tickets"), of(events(files), "lock")
    assert (len(tickets["bins"]), sum(tickets["bins"])) == (live.BINS, sum(lock["eligible"].values()))
    drawn = Counter(int(p["ticket"], 16) * live.BINS >> 64 for p in of(events(files), "pick"))
    assert [i for i, n in drawn.items() if n > tickets["bins"][i]] == []


def test_names_are_shown_in_public_mode_and_nowhere_else() -> None:
    """Even if somebody hands names over: a salted draw has no ids, hence no company."""
    public, salted = dict(plain("public").files), dict(plain().files)
    names = dict.fromkeys(public["ids.txt"].decode().splitlines(), SALT)
    assert all(pick["company"]["name"] == SALT for pick in of(events(public, names), "pick"))
    told = json.dumps(events(salted, names), ensure_ascii=False)
    assert [what for what in (SALT, "company", *names) if what in told] == []


def test_no_blinded_id_is_told_whole() -> None:
    """Eight digits of it (srd-1 14); and no opening's id or salt."""
    files = dict(full().files)
    told = json.dumps(events(files), ensure_ascii=False)
    opened: dict[str, Any] = json.loads(files["openings.json"])
    secrets = [*opened, *(one[name] for one in opened.values() for name in ("id", "salt"))]
    assert opened
    assert [what for what in secrets if what in told] == []
    assert [b for b in json.loads(files["result.json"])["order"] if b in told] == []


def test_abandoned_draw_ends_with_its_reason() -> None:
    """Nothing is drawn and the stream is over."""
    example = full()
    files = until(example, 1)
    (plan,) = entries(files)
    body = {"seq": plan["body"]["seq"], "r": 0, "reason": "event-failed", "by": ["甲", "乙"]}
    files["log.jsonl"] = log_bytes([plan, {**plan, "kind": "ABANDON", "time": "2026-12-01T09:00:00Z", "body": body}])
    last = events(files)[-1]
    assert (last["type"], last["ending"], last["reason"]) == ("done", "abandoned", "event-failed")
    assert of(events(files), "pick") == []
    assert [event.get("ending") for event in of(events(files), "stage")] == [None, None, "abandoned"]
