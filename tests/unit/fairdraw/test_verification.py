"""srd-1 section 12.1: the checks, their codes and their order."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fairdraw
import transcripts
from fairdraw import log
from fairdraw.canonical import canon, parse
from fairdraw.draw import result_hash
from fairdraw.messages import TEXTS
from fairdraw.verification import ABANDONED, AFTER, BEFORE, DRAWN, Verification
from transcripts import AT, REVEAL_BY, TRUST, Files, entry, plan_given

Json = dict[str, Any]
FULL = transcripts.full().files


def drawn(log_given: list[Json] | None = None, **plan: Any) -> Files:
    """A draw of objects only, perhaps with another log or plan."""
    given = transcripts.inputs(plan_given=plan_given(teams=None, experts=None, **plan))
    return transcripts.build(given | {"log_given": log_given or transcripts.drawn_log()}).files


def abandoned(reason: str = "event-failed", minute: int = 65, at: int = 2) -> Files:
    """The draw ended after its first ``at`` entries."""
    end = entry("ABANDON", minute, r=0, reason=reason, by=["综合处", "纪检监察组"])
    return drawn([*transcripts.drawn_log()[:at], end])


def test_12_1_checks_stand_in_the_order_of_the_table() -> None:
    """15 steps, nine of them after an abandoned draw or six more after a drawn one."""
    assert [len(steps) for steps in (BEFORE, ABANDONED, DRAWN, AFTER)] == [8, 1, 3, 3]
    names = [check.name for check in Verification(FULL).run()]
    assert names == [name for name, _ in (*BEFORE, *DRAWN, *AFTER)]
    names = [check.name for check in Verification(abandoned()).run()]
    assert names == [name for name, _ in (*BEFORE, *ABANDONED, *AFTER)]


# steps 4 and 6


def test_12_1_quota() -> None:
    """One more than the rules give."""
    assert transcripts.code(transcripts.replan(FULL, lambda p: p["quota"].update(A=p["quota"]["A"] + 1))) == "QUOTA"


def test_12_1_plan_not_logged() -> None:
    """Another hash, twice the same hash, or other members than the plan's."""
    for member, value in (("plan_hash", "0" * 64), ("item", "JXW-002"), ("reveal_by", AT)):
        files = transcripts.relog(FULL, lambda m, k=member, v=value: m[0]["body"].update({k: v}))
        assert transcripts.code(files) == "PLAN_NOT_LOGGED", member
    second = lambda m: m.append(m[-1] | {"kind": "PLAN", "body": m[0]["body"] | {"seq": 2}})  # noqa: E731
    assert transcripts.code(transcripts.relog(FULL, second)) == "PLAN_NOT_LOGGED"


def test_12_1_plan_of_another_seq_is_not_logged() -> None:
    """The plan's seq is the one the log allocated."""
    other = {"plan_hash": "9" * 64, "item": "JXW-009", "reveal_by": REVEAL_BY}

    def insert_before(members: list[Json]) -> None:
        members.insert(0, members[0] | {"body": {"seq": 1, **other}})
        for member in members[1:]:
            member["body"]["seq"] = 2

    assert transcripts.code(transcripts.relog(FULL, insert_before)) == "PLAN_NOT_LOGGED"


def test_12_1_plan_origin() -> None:
    """A log of another name, complete in itself."""
    rename = lambda m: [e.update(origin="other.gov.cn/log") for e in m]  # noqa: E731
    assert transcripts.code(transcripts.relog(FULL, rename)) == "PLAN_ORIGIN"


def test_7_3_plan_must_be_logged_before_the_smallest_at() -> None:
    """At the very second is too late."""
    events = [
        {"name": "二", "kind": "ceremony", "at": "2026-12-01T03:30:00Z", "digits": 20},
        {"name": "摇号", "kind": "ceremony", "at": AT, "digits": 20},
    ]
    values = [entry("EVENT", 91, name="二", value=transcripts.DIGITS)]
    values.append(entry("EVENT", 91, name="摇号", value=transcripts.DIGITS))

    def logged_at(minute: int) -> Files:
        log_given = [entry("PLAN", minute), *values, *transcripts.reveals(92), entry("RESULT", 93, r=0)]
        return drawn(log_given, events=events)

    assert transcripts.code(logged_at(59)) == "VERIFIED unwitnessed"
    assert transcripts.code(logged_at(60)) == "PLAN_LATE"


# step 7


def test_12_1_event() -> None:
    """Missing, one too many, another name, too early, another form."""
    edits: list[Callable[[list[Json]], object]] = [
        lambda m: m.pop(1),
        lambda m: m.insert(2, transcripts.copy(m[1])),
        lambda m: m[1]["body"].update(name="别的"),
        lambda m: m[1]["body"].update(value="1" * 19),
        lambda m: m[1]["body"].update(value="1" * 21),
        lambda m: m[1]["body"].update(value="x" * 20),
        lambda m: m[1].update(time="2026-12-01T02:59:59Z"),
    ]
    assert [transcripts.code(transcripts.relog(FULL, edit)) for edit in edits] == ["EVENT"] * len(edits)
    assert transcripts.code(transcripts.relog(FULL, lambda m: m[1].update(time=AT))) == "VERIFIED unwitnessed"


def test_7_3_events_come_in_the_order_of_the_plan() -> None:
    """One each."""
    events = [{"name": name, "kind": "ceremony", "at": AT, "digits": 20} for name in ("一", "二")]
    values = [entry("EVENT", 61, name=name, value=transcripts.DIGITS) for name in ("一", "二")]

    def in_order(order: list[Json]) -> str:
        log_given = [entry("PLAN", 1), *order, *transcripts.reveals(62), entry("RESULT", 63, r=0)]
        return transcripts.code(drawn(log_given, events=events))

    assert in_order(values) == "VERIFIED unwitnessed"
    files = drawn([entry("PLAN", 1), *values, *transcripts.reveals(62), entry("RESULT", 63, r=0)], events=events)
    swap = lambda m: m.insert(1, m.pop(2))  # noqa: E731
    assert transcripts.code(transcripts.relog(files, swap)) == "EVENT"
    once = lambda m: m.pop(2)  # noqa: E731
    assert transcripts.code(transcripts.relog(files, once)) == "EVENT"


# step 8


def test_12_1_contributor_signature_of_a_listed_contributor() -> None:
    """Missing, another's, over another seq; unlisted contributors need none."""
    sigs = [c["sig"] for c in parse(FULL["plan.json"])["contributors"]]
    for sig in (None, sigs[1], "A" * 86 + "=="):
        files = transcripts.replan(FULL, lambda p, s=sig: p["contributors"][0].update(sig=s))
        assert transcripts.code(files, TRUST) == "CONTRIBUTOR_SIG"
        assert transcripts.code(files) == "SEED"  # a changed plan is another seed


def test_5_2_any_of_several_keys_of_a_contributor_will_do() -> None:
    """A second line for the same name."""
    other = transcripts.vkey_line("contributor", "综合处", b"\x77" * 32)
    assert transcripts.code(FULL, other + TRUST) == "VERIFIED witnessed"
    assert transcripts.code(FULL, TRUST + other) == "VERIFIED witnessed"
    assert transcripts.code(FULL, other) == "CONTRIBUTOR_SIG"


def test_5_2_signatures_are_checked_in_abandoned_draws_too() -> None:
    """Before ABANDONED is said."""
    files = abandoned()
    assert transcripts.code(files, TRUST) == "ABANDONED event-failed"
    broken = transcripts.replan(files, lambda p: p["contributors"][0].update(sig=None))
    assert transcripts.code(broken, TRUST) == "CONTRIBUTOR_SIG"


def test_12_1_commit_open() -> None:
    """A stranger, one twice, another value, one missing."""
    edits: list[Callable[[list[Json]], object]] = [
        lambda m: m[2]["body"].update(who="路人"),
        lambda m: m[2]["body"].update(who=m[3]["body"]["who"]),
        lambda m: m[2]["body"].update(value="0" * 64),
        lambda m: m.pop(2),
        lambda m: m.insert(5, m[4] | {"body": m[4]["body"] | {"value": "0" * 64}}),
    ]
    assert [transcripts.code(transcripts.relog(FULL, edit)) for edit in edits] == ["COMMIT_OPEN"] * len(edits)


# step 9, abandoned and unfinished draws


@pytest.mark.parametrize("reason", [r for r in log.ABANDON_REASONS if r != "reveal-missing"])
@pytest.mark.parametrize("at", [1, 2, 3, 5], ids=["planned", "after the event", "one reveal", "all reveals"])
def test_12_1_abandoned_draw_is_consistent(reason: str, at: int) -> None:
    """At any time before RESULT, with fewer events or reveals."""
    assert transcripts.verdict(abandoned(reason, at=at), TRUST) == f"ABANDONED {reason}"


def test_7_3_reveal_missing_needs_the_time_to_be_over() -> None:
    """``time > reveal_by``."""
    assert transcripts.code(abandoned("reveal-missing", 239)) == "ABANDON_EARLY"
    assert transcripts.code(abandoned("reveal-missing", 240)) == "ABANDON_EARLY"  # the very second
    assert transcripts.code(abandoned("reveal-missing", 241)) == "ABANDONED reveal-missing"


def test_12_1_abandoned_draw_still_checks_what_it_has() -> None:
    """Values of its events, reveals, openings, checkpoints."""
    files = abandoned(at=3)
    wrong = transcripts.relog(files, lambda m: m[1]["body"].update(value="1" * 21))
    assert transcripts.code(wrong) == "EVENT"
    opened = transcripts.relog(files, lambda m: m[2]["body"].update(value="0" * 64))
    assert transcripts.code(opened) == "COMMIT_OPEN"
    extra = canon({"0" * 64: {"id": "x", "salt": "0" * 32}})
    assert transcripts.code(files | {"openings.json": extra}) == "OPENING_EXTRA"
    assert transcripts.code(files | {"checkpoint-1.txt": b""}) == "CHECKPOINT_FORMAT"
    assert transcripts.code(files | {"receipt-1.json": b"{}"}) == "RECEIPT_FIELD"
    assert transcripts.code(files | {"result.json": b"ignored"}) == "ABANDONED event-failed"


@pytest.mark.parametrize(("at", "code"), [(1, "EVENT"), (2, "COMMIT_OPEN"), (4, "COMMIT_OPEN"), (5, "LOG_STATE")])
def test_12_1_unfinished_draw_fails(at: int, code: str) -> None:
    """Neither RESULT nor ABANDON: what is missing is named."""
    assert transcripts.code(drawn(transcripts.drawn_log()[:at])) == code


# steps 10 and 11


def with_result(edit: Callable[[Any], object]) -> Files:
    """The example with another ``result.json`` whose hash is logged."""
    return logged(transcripts.edited(FULL, "result.json", edit))


def logged(files: Files) -> Files:
    """The hash of ``result.json`` logged anew."""
    digest = result_hash(files["result.json"], "sha256").hex()
    return transcripts.relog(files, lambda m: m[5]["body"].update(hash=digest))


def test_12_1_seed_and_result_hash() -> None:
    """SEED before the file is looked at."""
    other_seed: Callable[[list[Json]], object] = lambda m: m[5]["body"].update(seed="0" * 64)  # noqa: E731
    assert transcripts.code(transcripts.relog(FULL, other_seed)) == "SEED"
    without = {name: data for name, data in FULL.items() if name != "result.json"}
    assert transcripts.code(transcripts.relog(without, other_seed)) == "SEED"
    assert transcripts.code(transcripts.relog(FULL, lambda m: m[5]["body"].update(hash="0" * 64))) == "RESULT_HASH"
    assert transcripts.code(transcripts.edited(FULL, "result.json", lambda r: r["order"].pop())) == "RESULT_HASH"
    assert transcripts.code(FULL | {"result.json": FULL["result.json"] + b"\n"}) == "NOT_CANONICAL"


@pytest.mark.parametrize("value", [[], None, "x", {}, {"objects": {}, "order": [], "teams": None}], ids=repr)
def test_12_1_result_field(value: Any) -> None:
    """Exactly four members."""
    assert transcripts.code(logged(FULL | {"result.json": canon(value)})) == "RESULT_FIELD"


def _first_object(result: Json) -> list[str]:
    pair: list[str] = result["objects"]["A"][0]
    return pair


RESULTS: dict[str, tuple[str, Callable[[Json], object]]] = {
    "object swapped": ("SELECT", lambda r: r["objects"]["A"].reverse()),
    "object missing": ("SELECT", lambda r: r["objects"]["A"].pop()),
    "ticket": ("SELECT", lambda r: _first_object(r).__setitem__(1, "0" * 16)),
    "stratum missing": ("SELECT", lambda r: r["objects"].pop("A")),
    "objects null": ("SELECT", lambda r: r.update(objects=None)),
    "order swapped": ("ORDER", lambda r: r["order"].insert(0, r["order"].pop())),
    "order null": ("ORDER", lambda r: r.update(order=None)),
    "order short": ("ORDER", lambda r: r["order"].pop()),
    "teams null": ("TEAM", lambda r: r.update(teams=None)),
    "teams attempt": ("TEAM", lambda r: r["teams"].update(attempt=r["teams"]["attempt"] + 1)),
    "teams attempt as a boolean": ("TEAM", lambda r: r["teams"].update(attempt=bool(r["teams"]["attempt"]))),
    "teams unfilled as a boolean": ("TEAM", lambda r: r["teams"].update(unfilled=False)),
    "teams unfilled": ("TEAM", lambda r: r["teams"].update(unfilled=1)),
    "teams extra": ("TEAM", lambda r: r["teams"].update(x=1)),
    "seat": ("TEAM", lambda r: r["teams"]["slots"][0].reverse()),
    "seat null": ("TEAM", lambda r: r["teams"]["slots"][0].__setitem__(0, None)),
    "experts null": ("EXPERT", lambda r: r.update(experts=None)),
    "expert": ("EXPERT", lambda r: r["experts"]["slots"][0].__setitem__(0, "X99")),
    "experts unfilled as a boolean": ("EXPERT", lambda r: r["experts"].update(unfilled=False)),
}


@pytest.mark.parametrize(("code", "edit"), RESULTS.values(), ids=list(RESULTS))
def test_12_1_result_that_differs_from_the_recomputed_one(code: str, edit: Callable[[Json], object]) -> None:
    """Compared as JSON values: false is not 0."""
    assert transcripts.code(with_result(edit)) == code


def test_12_1_cut() -> None:
    """After the objects, before the order."""
    edits: list[Callable[[Json], object]] = [
        lambda cut: cut.pop("A"), lambda cut: cut.update(A=None), lambda cut: cut["A"].reverse(),
        lambda cut: cut.update(Z=None), lambda cut: cut.update(A=[1, 2]), lambda cut: cut.clear(),
    ]  # fmt: skip
    for edit in edits:
        assert transcripts.code(transcripts.relog(FULL, lambda m, e=edit: e(m[5]["body"]["cut"]))) == "CUT"
    both = with_result(lambda r: r["order"].reverse())
    assert transcripts.code(transcripts.relog(both, lambda m: m[5]["body"]["cut"].update(A=None))) == "CUT"


def test_12_1_teams_where_the_plan_has_none() -> None:
    """``null`` if absent in the plan."""
    files = transcripts.plain().files
    for pool, code in (("teams", "TEAM"), ("experts", "EXPERT")):
        edited = transcripts.edited(files, "result.json", lambda r, p=pool: r.update({p: {"slots": []}}))
        assert transcripts.code(logged(edited)) == code


# the reader's own configuration


def test_7_4_trust_list_inside_the_transcript_is_never_read() -> None:
    """The verdict equals the one without it."""
    for planted in ({"trust.txt": TRUST.encode()}, {"trust": b"\xff"}, {"trust.txt": b"malformed"}):
        assert transcripts.verdict(FULL | planted) == transcripts.verdict(FULL) == "VERIFIED unwitnessed"


def test_12_1_receipts_are_files_named_receipt_something_json() -> None:
    """Step 15, in file-name order."""
    assert transcripts.code(FULL | {"receipt-0.json": b"{}"}) == "RECEIPT_FIELD"
    assert transcripts.code(FULL | {"receipt-0.txt": b"{}", "myreceipt-0.json": b""}) == "VERIFIED unwitnessed"
    both = FULL | {"receipt-2.json": b"{}", "receipt-10.json": b"{} "}
    assert transcripts.code(both) == "NOT_CANONICAL"


def test_12_1_every_code_of_the_table_has_a_sentence() -> None:
    """And every sentence a check that raises its code."""
    source = "".join(path.read_text("utf-8") for path in sorted(Path(fairdraw.__path__[0]).glob("*.py")))
    assert [code for code in TEXTS if source.count(f'"{code}"') < 2] == []
    assert len(TEXTS) == 44


def test_12_1_every_code_a_check_raises_has_a_sentence() -> None:
    """The contributor's own refusals are Chinese sentences already."""
    calls = [
        node
        for path in Path(fairdraw.__path__[0]).glob("*.py")
        if path.stem != "secret"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("require", "Failure")
    ]
    words = {a.value for call in calls for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    codes = {word for word in words if re.fullmatch("[A-Z][A-Z_]+", word)}
    assert len(codes) > 35
    assert codes <= set(TEXTS)
