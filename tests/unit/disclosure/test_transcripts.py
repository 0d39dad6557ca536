"""A draw's page says what a verifier finds in the files beside it (R8.6)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fairdraw.failures import Failure
from fairdraw.log import entry_hash, make_line, read
from shuangsui.disclosure.transcripts import draw_page, listed, rule_text
from shuangsui.errors import RuleRefused

from .conftest import VECTORS, transcript

DRAWN = [f"v{n}" for n in range(1, 8)]


def cut(files: dict[str, bytes], kind: str) -> dict[str, bytes]:
    """The transcript as it was just before the first entry of ``kind``."""
    lines = files["log.jsonl"].splitlines(keepends=True)
    end = next(i for i, line in enumerate(lines) if json.loads(line)["kind"] == kind)
    kept = {name: data for name, data in files.items() if not name.startswith(("checkpoint", "result"))}
    return {**kept, "log.jsonl": b"".join(lines[:end]), "openings.json": b"{}"}


def abandoned(files: dict[str, bytes]) -> dict[str, bytes]:
    """The transcript with the event that could not be held, in place of everything after the plan."""
    before = cut(files, "EVENT")
    last = json.loads(before["log.jsonl"].splitlines()[-1])
    body = {"seq": last["body"]["seq"], "r": 0, "reason": "event-failed", "by": ["operator", "supervisor"]}
    prev = entry_hash(before["log.jsonl"].splitlines()[-1], last["suite"]).hex()
    line = make_line(
        i=last["i"] + 1, kind="ABANDON", origin=last["origin"], prev=prev, suite=last["suite"], time=last["time"],
        body=body,
    )  # fmt: skip
    return {**before, "log.jsonl": before["log.jsonl"] + line + b"\n"}


@pytest.mark.parametrize("name", DRAWN)
def test_page_of_a_drawn_draw(name, about):
    """Seed, order and people are those of the result; the order is that of the final state."""
    files = transcript(name)
    page, result = draw_page(files, about), json.loads(files["result.json"])
    plan = json.loads(files["plan.json"])
    assert page["state"] == "drawn"
    assert page["result"]["seed"] == next(
        entry.body["seed"] for entry in read(files["log.jsonl"]).of(plan["seq"]) if entry.kind == "RESULT"
    )
    assert len(page["result"]["tasks"]) == len(result["order"])
    replaced = {row["task"] for row in page["replacements"] if row["what"] == "object"}
    drawn = [task["b"] for task in page["result"]["tasks"] if task["number"] not in replaced]
    assert drawn == [b for t, b in enumerate(result["order"], 1) if t not in replaced]


def test_page_before_the_event(about):
    """Nothing is known yet but the plan; nobody has revealed anything."""
    page = draw_page(cut(transcript("v1"), "EVENT"), about)
    assert (page["state"], page["result"], [event["value"] for event in page["events"]]) == ("committed", None, [None])
    assert [party["revealed_at"] for party in page["contributors"]] == [None, None]


def test_page_while_secrets_are_revealed(about):
    """The event has its value, the result is not there."""
    page = draw_page(cut(transcript("v1"), "RESULT"), about)
    assert (page["state"], page["result"], page["events"][0]["value"]) == ("committed", None, "31415926535897932384")


def test_page_of_an_abandoned_draw(about):
    """Reason and the two who registered it."""
    page = draw_page(abandoned(transcript("v1")), about)
    assert (page["state"], page["abandon"]["reason"], page["abandon"]["by"]) == (
        "abandoned",
        "event-failed",
        ["operator", "supervisor"],
    )


def test_opened_objects_are_named_and_closed_ones_are_not(about):
    """In salted mode a name is shown only for what was opened."""
    files = transcript("v2")
    opened = {opening["id"] for opening in json.loads(files["openings.json"]).values()}
    page = draw_page(files, replace(about, objects={id_: f"{id_} 公司" for id_ in opened}))
    companies = [task["company"] for task in page["result"]["tasks"]]
    assert {one["id"]: one["name"] for one in companies if one} == {id_: f"{id_} 公司" for id_ in opened}
    assert companies.count(None) == len(companies) - len(opened)


def test_public_mode_names_every_drawn_object(about):
    """Anybody can look its row up in ids.txt."""
    files = transcript("v1")
    ids = dict(
        zip(
            (row[:64] for row in files["rows.txt"].decode().splitlines()),
            files["ids.txt"].decode().split(),
            strict=True,
        )
    )
    tasks = draw_page(files, about)["result"]["tasks"]
    assert [task["company"]["id"] for task in tasks] == [ids[task["b"]] for task in tasks]


def test_replacements_in_log_order(about):
    """Who went and who came; an object by the first digits of its blinded id."""
    found = draw_page(transcript("v5"), about)["replacements"]
    assert [(row["r"], row["what"], row["done"]) for row in found] == [
        (1, "person", True), (2, "object", True), (3, "person", True), (4, "person", True), (5, "person", True),
        (6, "person", True),
    ]  # fmt: skip
    assert (found[0]["out"], found[0]["came"], len(found[1]["out"])) == ("YZ0108", ["YZ0110"], 16)


def test_replacement_without_alternate_brings_nobody(about):
    """The task is shown as cancelled."""
    page = draw_page(transcript("v7"), about)
    alone = [row for row in page["replacements"] if row["what"] == "object" and not row["came"]]
    cancelled = [task["number"] for task in page["result"]["tasks"] if task["cancelled"]]
    assert [row["task"] for row in alone] == cancelled


def test_excluded_rows_are_counted_per_code(about):
    """As the plan froze them."""
    excluded = draw_page(transcript("v2"), about)["snapshot"]["excluded"]
    assert {row["code"]: row["count"] for row in excluded} == {"X10-1": 1}


CASES = [
    case
    for case in json.loads((VECTORS / "v8.json").read_text(encoding="utf-8"))["cases"]
    if not case.get("trust") and not case["expect"].endswith("_SIG")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['base']} {case['edit']}"[:60])
def test_tampered_transcript_is_not_published(case, about):
    """Every negative vector of the protocol, with the verifier's own code."""
    files = {name: text.encode() for name, text in case["files"].items()}
    with pytest.raises(RuleRefused) as caught:
        draw_page(files, about)
    assert (caught.value.code, caught.value.params["failure"]) == ("transcript_invalid", case["expect"])
    assert isinstance(caught.value.__cause__, Failure)


def ratio(text: str, floor: int = 0, cap: int | None = None) -> dict:
    return {"mode": "ratio", "total": None, "strata": {"A": {"ratio": text, "floor": floor, "cap": cap}}}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (ratio("1/20"), "按 5% 抽取"),
        (ratio("1/1"), "全部抽取"),
        (ratio("1/3", 2, 9), "按 1/3 抽取，不少于 2 家，不超过 9 家"),
        (ratio("1/2000"), "按 0.05% 抽取"),
        (
            {"mode": "total", "total": 50, "strata": {"A": {"share": 3, "floor": 0, "cap": 0}}},
            "合计 50 家，按家数乘权重 3 分配，不超过 0 家",
        ),
    ],
)
def test_rule_in_words(rules, words):
    """Exactly what the plan says, floors and caps included."""
    assert rule_text(rules, "A") == words


def test_files_are_listed_by_name():
    """Size in bytes, SHA-256 of the content."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    found = listed({"b": b"", "a": b"xyz"})
    assert ([row["name"] for row in found], found[0]["size"], found[1]["sha256"]) == (["a", "b"], 3, empty)
