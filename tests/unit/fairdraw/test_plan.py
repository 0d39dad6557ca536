"""srd-1 section 5: the plan."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

import transcripts
from fairdraw import plan
from fairdraw.canonical import canon
from fairdraw.failures import Failure

Json = dict[str, Any]
Edit = Callable[[Json], object]

QUICKNET, DEFAULT = plan.DRAND_CHAINS


def members() -> Json:
    """A sound plan with teams and experts."""
    value: Json = transcripts.copy(dict(transcripts.full().made.plan.members))
    value["teams"]["recuse"] = [["P00", "0" * 64], ["P00", "1" * 64], ["P01", "0" * 64]]
    return value


def refused(edit: Edit) -> str:
    """The code of an edited plan, empty if it passes."""
    value = members()
    edit(value)
    try:
        plan.read(canon(value))
    except Failure as failure:
        return failure.code
    return ""


def put(path: str, value: Any) -> Edit:
    """Replace the member at ``path``: names and positions joined by slashes."""
    *way, last = (int(step) if step.isdecimal() else step for step in path.split("/"))

    def edit(target: Any) -> None:
        for step in way:
            target = target[step]
        target[last] = value

    return edit


def drand(chain: str, round_: Any, at: str) -> Json:
    return {"name": "drand", "kind": "drand", "at": at, "chain": chain, "round": round_}


def person(id_: str, **changes: Any) -> Json:
    return {"id": id_, "office": "o", "quals": [], "lead": True, **changes}


ESCROW = {"to": "公证处", "alg": "x25519", "ct": ""}
CEREMONY = {"name": "e", "kind": "ceremony", "at": transcripts.AT, "digits": 20}
STRATUM = "rules/strata/A"

ACCEPTED: dict[str, Edit] = {
    "unchanged": lambda _: None,
    "policy": put("policy", "0" * 64),
    "ext with content": put("ext", {"a": [1, {"b": None}]}),
    "sm3": put("suite", "sm3"),
    "cap equal to the floor": put(f"{STRATUM}/cap", 1),
    "cap null": put(f"{STRATUM}/cap", None),
    "ratio 0/1": put(f"{STRATUM}/ratio", "0/1"),
    "ratio 1000000/1000000": put(f"{STRATUM}/ratio", "1000000/1000000"),
    "escrow": put("contributors/0/escrow", ESCROW),
    "escrow of 8192": put("contributors/0/escrow", ESCROW | {"ct": "~" * 8192}),
    "unsigned": put("contributors/0/sig", None),
    "two contributors": lambda p: p["contributors"].pop(),
    "ceremony of 256 digits": put("events/0/digits", 256),
    "drand round exactly at": put("events/0", drand(QUICKNET, 1000, "2023-08-23T15:59:24Z")),
    "second drand chain": put("events/0", drand(DEFAULT, 2**53 - 1, transcripts.AT)),
    "a quote beside a ceremony": lambda p: p["events"].append({"name": "q", "kind": "quote", "at": transcripts.AT}),
    "no people": lambda p: p.update(teams=None, experts=None),
    "unsigned 64 attempts": put("teams/attempts", 64),
    "replacements 1000": put("replacements", 1000),
    "seq 2^32-1": put("seq", 2**32 - 1),
    "empty quals": put("teams/people/0/quals", []),
}
REFUSED: dict[str, Edit] = {
    "member missing": lambda p: p.pop("ext"),
    "member too many": put("note", ""),
    "unknown version": put("v", "srd-2"),
    "unknown suite": put("suite", "sha512"),
    "suite no string": put("suite", ["sha256"]),
    "origin empty": put("origin", ""),
    "origin too long": put("origin", "x" * 257),
    "tenant no string": put("tenant", 1),
    "item null": put("item", None),
    "basis empty": put("basis", ""),
    "seq 0": put("seq", 0),
    "seq true": put("seq", True),
    "seq 2^32": put("seq", 2**32),
    "policy of 63": put("policy", "0" * 63),
    "mode": put("mode", "secret"),
    "batch negative": put("batch", -1),
    "batch null": put("batch", None),
    "alternates false": put("alternates", False),
    "replacements 1001": put("replacements", 1001),
    "ext list": put("ext", []),
    "ext null": put("ext", None),
    "root in capitals": put("snapshot/root", "A" * 64),
    "n 0": put("snapshot/n", 0),
    "snapshot list": put("snapshot", []),
    "snapshot member too many": put("snapshot/x", 1),
    "eligible negative": put("snapshot/eligible/A", -1),
    "eligible true": put("snapshot/eligible/A", True),
    "excluded 0": put("snapshot/excluded/X9", 0),
    "excluded code": put("snapshot/excluded/x9", 1),
    "excluded code -": put("snapshot/excluded/-", 1),
    "stratum in eligible only": put("snapshot/eligible/Q", 0),
    "stratum in quota only": put("quota/Q", 0),
    "stratum in rules only": put("rules/strata/Q", {"ratio": "1/2", "floor": 0, "cap": None}),
    "no strata": lambda p: (put("rules/strata", {})(p), put("quota", {})(p), put("snapshot/eligible", {})(p)),
    "quota list": put("quota", []),
    "quota null": put("quota/A", None),
    "rules member too many": put("rules/x", 1),
    "rules mode": put("rules/mode", "share"),
    "rules mode list": put("rules/mode", ["ratio"]),
    "total beside ratio": put("rules/total", 0),
    "total missing": put("rules/mode", "total"),
    "stratum rule list": put(STRATUM, []),
    "stratum rule member": put(f"{STRATUM}/share", 1),
    "floor null": put(f"{STRATUM}/floor", None),
    "cap below the floor": put(f"{STRATUM}/cap", 0),
    "cap true": put(f"{STRATUM}/cap", True),
    "ratio above one": put(f"{STRATUM}/ratio", "3/2"),
    "ratio of q 0": put(f"{STRATUM}/ratio", "0/0"),
    "ratio with leading zero": put(f"{STRATUM}/ratio", "01/10"),
    "ratio 00/1": put(f"{STRATUM}/ratio", "00/1"),
    "ratio in words": put(f"{STRATUM}/ratio", "one/ten"),
    "ratio decimal": put(f"{STRATUM}/ratio", "0.05"),
    "ratio with spaces": put(f"{STRATUM}/ratio", "1 / 10"),
    "ratio of q 1000001": put(f"{STRATUM}/ratio", "1/1000001"),
    "ratio of many digits": put(f"{STRATUM}/ratio", "1/" + "1" * 5000),
    "ratio in full-width digits": put(f"{STRATUM}/ratio", "１/2"),
    "ratio number": put(f"{STRATUM}/ratio", 1),
    "one contributor": lambda p: put("contributors", p["contributors"][:1])(p),
    "17 contributors": lambda p: p["contributors"].extend(
        {"who": f"w{i}", "commit": f"{i:064}", "escrow": None, "sig": None} for i in range(14)
    ),
    "contributors object": put("contributors", {}),
    "contributor null": put("contributors/0", None),
    "contributor member": put("contributors/0/x", 1),
    "who empty": put("contributors/0/who", ""),
    "who twice": lambda p: put("contributors/0/who", p["contributors"][1]["who"])(p),
    "commit twice": lambda p: put("contributors/0/commit", p["contributors"][1]["commit"])(p),
    "commit null": put("contributors/0/commit", None),
    "escrow list": put("contributors/0/escrow", []),
    "escrow false": put("contributors/0/escrow", False),
    "escrow of 8193": put("contributors/0/escrow", ESCROW | {"ct": "x" * 8193}),
    "escrow not ASCII": put("contributors/0/escrow", ESCROW | {"ct": "密"}),
    "escrow to empty": put("contributors/0/escrow", ESCROW | {"to": ""}),
    "sig of 63 bytes": put("contributors/0/sig", base64.b64encode(bytes(63)).decode()),
    "sig without padding": put("contributors/0/sig", base64.b64encode(bytes(64)).decode().rstrip("=")),
    "sig with stray bits": put("contributors/0/sig", "A" * 85 + "B=="),
    "sig of the web alphabet": put("contributors/0/sig", base64.urlsafe_b64encode(b"\xff" * 64).decode()),
    "sig with a space": put("contributors/0/sig", base64.b64encode(bytes(64)).decode() + " "),
    "sig not ASCII": put("contributors/0/sig", "签" * 86),
    "sig number": put("contributors/0/sig", 1),
    "no events": put("events", []),
    "five events": put("events", [CEREMONY | {"name": f"e{i}"} for i in range(5)]),
    "event null": put("events/0", None),
    "event kind": put("events/0/kind", "dice"),
    "event kind list": put("events/0/kind", []),
    "event name twice": put("events", [CEREMONY, CEREMONY]),
    "event name empty": put("events/0/name", ""),
    "event at": put("events/0/at", "2026-12-01"),
    "only a quote": put("events", [{"name": "q", "kind": "quote", "at": transcripts.AT}]),
    "quote with digits": put("events/0/kind", "quote"),
    "ceremony of 19 digits": put("events/0/digits", 19),
    "ceremony of 257 digits": put("events/0/digits", 257),
    "ceremony of true digits": put("events/0/digits", True),
    "drand round before at": put("events/0", drand(QUICKNET, 999, "2023-08-23T15:59:24Z")),
    "drand round 0": put("events/0", drand(QUICKNET, 0, "2023-08-23T15:09:27Z")),
    "drand unknown chain": put("events/0", drand("0" * 64, 2**40, transcripts.AT)),
    "drand chain list": put("events/0", drand([QUICKNET], 2**40, transcripts.AT)),  # type: ignore[arg-type]
    "drand round string": put("events/0", drand(QUICKNET, "9", transcripts.AT)),
    "reveal_by at the event": put("reveal_by", transcripts.AT),
    "reveal_by date": put("reveal_by", "2027-01-01"),
    "teams list": put("teams", []),
    "teams empty": put("teams", {}),
    "teams false": put("teams", False),
    "size 0": put("teams/size", 0),
    "size 17": put("teams/size", 17),
    "cap 0": put("teams/cap", 0),
    "day_cap 0": put("teams/day_cap", 0),
    "per_day 0": put("teams/per_day", 0),
    "attempts 0": put("teams/attempts", 0),
    "attempts 65": put("teams/attempts", 65),
    "two_offices 1": put("teams/two_offices", 1),
    "two_offices of experts": put("experts/two_offices", True),
    "two_offices of one": put("teams/size", 1),
    "need of unknown stratum": put("teams/need/Q", "电气"),
    "need empty": put("teams/need/A", ""),
    "need list": put("teams/need", []),
    "no people": put("teams/people", []),
    "people object": put("teams/people", {}),
    "person null": put("teams/people/0", None),
    "person member": put("teams/people/0/x", 1),
    "person id empty": put("teams/people/0/id", ""),
    "person office null": put("teams/people/0/office", None),
    "person lead 1": put("teams/people/0/lead", 1),
    "quals twice": put("teams/people/0/quals", ["a", "a"]),
    "quals unhashable": put("teams/people/0/quals", [["a"]]),
    "quals string": put("teams/people/0/quals", "a"),
    "people unordered": lambda p: p["teams"]["people"].reverse(),
    "person twice": lambda p: p["teams"]["people"].insert(0, p["teams"]["people"][0]),
    "person in both pools": put("experts/people", [person("P00")]),
    "recuse object": put("teams/recuse", {}),
    "recuse triple": put("teams/recuse", [["P00", "0" * 64, 1]]),
    "recuse person unknown": put("teams/recuse", [["X00", "0" * 64]]),
    "recuse person unhashable": put("teams/recuse", [[["P00"], "0" * 64]]),
    "recuse b": put("teams/recuse", [["P00", "0" * 63]]),
    "recuse twice": put("teams/recuse", [["P00", "0" * 64], ["P00", "0" * 64]]),
    "recuse unordered by b": put("teams/recuse", [["P00", "1" * 64], ["P00", "0" * 64]]),
    "recuse unordered by person": put("teams/recuse", [["P01", "0" * 64], ["P00", "0" * 64]]),
}


@pytest.mark.parametrize("edit", ACCEPTED.values(), ids=list(ACCEPTED))
def test_5_plan_accepts(edit: Edit) -> None:
    """Bounds are inclusive."""
    assert refused(edit) == ""


@pytest.mark.parametrize("edit", REFUSED.values(), ids=list(REFUSED))
def test_5_plan_refuses(edit: Edit) -> None:
    """Anything else is PLAN_FIELD, never a crash."""
    assert refused(edit) == "PLAN_FIELD"


@pytest.mark.parametrize("value", [None, True, 1, "plan", [], [1], {}], ids=repr)
def test_5_plan_that_is_no_plan_is_refused(value: Any) -> None:
    """Any JSON value."""
    with pytest.raises(Failure) as failure:
        plan.read(canon(value))
    assert failure.value.code == "PLAN_FIELD"


def test_5_people_are_ordered_by_bytes_of_utf8() -> None:
    """UTF-16 order would put the pair before U+FF5E."""
    ordered = [person("\uff5e"), person("𠮷")]
    assert refused(lambda p: p["teams"].update(people=ordered, recuse=[])) == ""
    assert refused(lambda p: p["teams"].update(people=ordered[::-1], recuse=[])) == "PLAN_FIELD"


def test_5_mode_total_takes_share_and_total() -> None:
    """The other rule mode."""
    strata = {s: {"share": 1_000_000, "floor": 0, "cap": None} for s in "ABC"}
    assert refused(put("rules", {"mode": "total", "total": 9, "strata": strata})) == ""
    for share in (0, 1_000_001, None, True):
        wrong = strata | {"A": {"share": share, "floor": 0, "cap": None}}
        assert refused(put("rules", {"mode": "total", "total": 9, "strata": wrong})) == "PLAN_FIELD"
    assert refused(put("rules", {"mode": "total", "total": None, "strata": strata})) == "PLAN_FIELD"


def test_5_hash_is_over_the_bytes() -> None:
    """Of the plan's own suite."""
    value = members()
    value["suite"] = "sm3"
    made = plan.read(canon(value))
    assert made.hash == plan.plan_hash(canon(value), "sm3") != plan.plan_hash(canon(value), "sha256")


def test_5_3_event_values_have_the_form_of_their_kind() -> None:
    """Digits exactly, hex64, printable."""
    ceremony, quote = {"kind": "ceremony", "digits": 3}, {"kind": "quote"}
    assert [plan.is_event_value(ceremony, x) for x in ("123", "12", "1234", "12a", "１２３", "12 ")] == [True] + 5 * [
        False
    ]
    assert plan.is_event_value({"kind": "drand"}, "0" * 64)
    assert not plan.is_event_value({"kind": "drand"}, "0" * 63 + "A")
    assert plan.is_event_value(quote, " ~")
    assert not plan.is_event_value(quote, "")
    assert not plan.is_event_value(quote, "é")
