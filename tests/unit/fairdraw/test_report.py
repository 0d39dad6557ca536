"""srd-1 section 12.1: what a verifier shows, and its warnings."""

from __future__ import annotations

from typing import Any

import pytest

import transcripts
from fairdraw.report import warnings
from transcripts import AT, REVEAL_BY, TRUST, Files, entry, inputs, object_request, person_request, plan_given

Json = dict[str, Any]
OTHER = {"plan_hash": "9" * 64, "item": "JXW-001", "reveal_by": "2026-12-01T02:30:00Z"}


def drawn(*more: Json, log_given: list[Json] | None = None, **plan: Any) -> Files:
    """A draw of objects only with ``more`` entries behind it."""
    given = inputs(plan_given=plan_given(teams=None, experts=None, **plan))
    return transcripts.build(given | {"log_given": [*(log_given or transcripts.drawn_log()), *more]}).files


def codes(files: Files, trust: str | None = TRUST) -> list[str]:
    """Warning codes in the order printed."""
    return [warning.code for warning in warnings(transcripts.checked(files, trust))]


def strata(**rules: Any) -> Json:
    return {"mode": "ratio", "total": None, "strata": rules}


def rule(ratio: str, floor: int = 0) -> Json:
    return {"ratio": ratio, "floor": floor, "cap": None}


def over(records: list[list[Any]], rules: Json, **plan: Any) -> Files:
    """A draw over other records."""
    given = inputs(records=records, plan_given=plan_given(teams=None, experts=None, rules=rules, **plan))
    return transcripts.build(given).files


def rows(n: int, stratum: str = "A", weight: int = 1, status: str = "-") -> list[list[Any]]:
    return [[f"{stratum}{weight}{status}{i}", stratum, weight, status] for i in range(n)]


def test_12_1_plain_draw_of_signed_contributors_has_no_warning() -> None:
    """So the cases below show something."""
    assert codes(drawn()) == []


def test_12_1_contributor_unauthenticated() -> None:
    """One per contributor whose key the reader did not list."""
    assert codes(drawn(), None) == ["CONTRIBUTOR_UNAUTHENTICATED"] * 3
    two = "".join(line + "\n" for line in TRUST.splitlines() if "公证处" not in line)
    assert codes(drawn(), two) == ["CONTRIBUTOR_UNAUTHENTICATED"]


def test_12_1_event_unchecked() -> None:
    """A quote or a drand value."""
    quote = {"name": "彩票", "kind": "quote", "at": AT}
    events = [quote, *plan_given()["events"]]
    log_given = transcripts.drawn_log()
    log_given.insert(1, entry("EVENT", 61, name="彩票", value="01 02 03"))
    assert codes(drawn(log_given=log_given, events=events)) == ["EVENT_UNCHECKED"]


def other_plan(*after: Json) -> list[Json]:
    """Another plan of the item, seq 2, before the draw's result."""
    return [*transcripts.drawn_log(), entry("PLAN", 70, seq=2, **OTHER), *after]


def test_12_1_siblings() -> None:
    """Another plan of the item with a RESULT, or overdue; not an abandoned one, not another item's."""
    done = [entry("REVEAL", 71, seq=2, r=0, who="x", value="8" * 64)]
    done.append(entry("RESULT", 72, seq=2, r=0, seed="1" * 64, hash="2" * 64, cut={}))
    end = entry("ABANDON", 72, seq=2, r=0, reason="plan-error", by=["a", "b"])
    assert codes(drawn(log_given=other_plan(*done))) == ["SIBLINGS"]
    assert codes(drawn(log_given=other_plan())) == ["SIBLINGS"]
    assert codes(drawn(log_given=other_plan(end))) == []
    later = [*transcripts.drawn_log(), entry("PLAN", 70, seq=2, **OTHER | {"reveal_by": REVEAL_BY})]
    assert codes(drawn(log_given=later)) == []
    elsewhere = [*transcripts.drawn_log(), entry("PLAN", 70, seq=2, **OTHER | {"item": "JXW-002"})]
    assert codes(drawn(log_given=elsewhere)) == []


def test_12_1_two_drawn_siblings_are_told_and_counted() -> None:
    """A second draw of the item cannot be hidden in the log."""
    done = [entry("REVEAL", 71, seq=2, r=0, who="x", value="8" * 64)]
    done.append(entry("RESULT", 72, seq=2, r=0, seed="1" * 64, hash="2" * 64, cut={}))
    files = drawn(log_given=other_plan(*done))
    told = [w.detail for w in warnings(transcripts.checked(files, TRUST))]
    assert told == ["同一事项的第 2 号方案也有结果"]
    line = "本事项 2 份方案 = 2 份有结果 + 0 份作废（其中随机事件之后作废 0 份）+ 0 份未结"
    assert line in transcripts.counts_of(files)


def test_12_1_plans_of_the_item_are_counted() -> None:
    """Abandoned ones, those after the event apart, and open ones."""
    log_given = [
        entry("PLAN", 0, seq=1, **OTHER), entry("ABANDON", 0, seq=1, r=0, reason="plan-error", by=["a", "b"]),
        entry("PLAN", 0, seq=2, **OTHER), entry("EVENT", 0, seq=2, name="e", value="1"),
        entry("ABANDON", 0, seq=2, r=0, reason="data-fault", by=["a", "b"]), entry("PLAN", 0, seq=3, **OTHER),
    ]  # fmt: skip
    own = [e | {"body": e["body"] | {"seq": 4}} for e in transcripts.drawn_log()]
    files = drawn(log_given=[*log_given, *own], seq=4)
    line = "本事项 4 份方案 = 1 份有结果 + 2 份作废（其中随机事件之后作废 1 份）+ 1 份未结"
    assert line in transcripts.counts_of(files)


def test_12_1_replaced_often() -> None:
    """Two requests for one task, or for one seat; one each for two seats of a task are none."""
    full = transcripts.plan_given()
    base = transcripts.drawn_log()

    def of(*requests: list[Json]) -> list[str]:
        log_given = [*base, *(line for request in requests for line in request)]
        return codes(transcripts.build(inputs(plan_given=full, log_given=log_given)).files)

    quiet = of(person_request(1, 70, task=1), person_request(2, 75, task=1, slot=1), object_request(3, 80, 1))
    assert "REPLACED_OFTEN" not in quiet
    assert of(object_request(1, 70, 1), object_request(2, 75, 1)).count("REPLACED_OFTEN") == 1
    assert of(person_request(1, 70, task=1), person_request(2, 75, task=1)).count("REPLACED_OFTEN") == 1


def test_12_1_forced_team() -> None:
    """Fewer than 3·size people or 3 leaders free; qualification counts for experts and teams of one."""

    def teams(count: int, size: int, **changes: Any) -> Json:
        rules = transcripts.pool(size, transcripts.people(count, "P"), cap=99, day_cap=99, **changes)
        return rules | {"two_offices": False}

    def of(**plan: Any) -> set[str]:
        given = inputs(plan_given=plan_given(**{"teams": None, "experts": None} | plan))
        return set(codes(transcripts.build(given).files))

    assert of(teams=teams(6, 2)) == set()
    assert of(teams=teams(5, 2)) == {"FORCED_TEAM"}
    assert of(teams=teams(12, 1, need={})) == set()
    assert of(teams=teams(4, 1, need={})) == {"FORCED_TEAM"}
    assert of(teams=teams(12, 1)) == {"FORCED_TEAM"}
    assert of(experts=teams(9, 1)) == set()
    assert of(experts=teams(6, 1)) == {"FORCED_TEAM"}


@pytest.mark.parametrize(("n", "expected"), [(4, ["SMALL_STRATUM"]), (5, [])])
def test_12_1_small_stratum(n: int, expected: list[str]) -> None:
    """0 < n < 5."""
    records = [*rows(20), *rows(n, "B")]
    assert codes(over(records, strata(A=rule("1/10"), B=rule("1/10"), C=rule("1/2")))) == expected


def test_12_1_certain() -> None:
    """Everybody or nobody, batch order excepted."""
    records = [*rows(20), *rows(20, "B")]
    assert codes(over(records, strata(A=rule("1/1"), B=rule("1/2")))) == ["CERTAIN"]
    assert codes(over(records, strata(A=rule("0/1"), B=rule("1/2")))) == ["CERTAIN"]
    assert codes(over(records, strata(A=rule("1/1"), B=rule("1/1")), batch=5)) == []


def test_12_1_weight_ratio() -> None:
    """More than 8 : 1 among eligible rows of one stratum."""
    rules = strata(A=rule("1/2"))
    assert codes(over([*rows(9, weight=8), *rows(9, weight=1)], rules)) == []
    assert codes(over([*rows(9, weight=9), *rows(9, weight=1)], rules)) == ["WEIGHT_RATIO"]
    assert codes(over([*rows(19, weight=9), *rows(1, weight=1, status="X9")], rules)) == []


def test_12_1_excluded_many() -> None:
    """More than 10 % of the rows."""
    rules = strata(A=rule("1/2"))
    assert codes(over([*rows(18), *rows(2, status="XSP")], rules)) == []
    assert codes(over([*rows(17), *rows(3, status="XSP")], rules)) == ["EXCLUDED_MANY"]


@pytest.mark.parametrize("code", ["X10-1", "X9", "XSP", "XCLOSED", "XSCOPE", "XL-", "XL-NEW"])
def test_12_1_listed_codes_are_not_warned_of(code: str) -> None:
    """Those of section 4.2."""
    assert codes(over([*rows(30), *rows(1, status=code)], strata(A=rule("1/2")))) == []


def test_12_1_code_unlisted() -> None:
    """Any other code must be published with its meaning."""
    assert codes(over([*rows(30), *rows(1, status="XL"), *rows(1, status="X10")], strata(A=rule("1/2")))) == (
        ["CODE_UNLISTED"] * 2
    )


def test_12_1_near_duplicate_id() -> None:
    """Equal after NFKC, upper case, removal of white space; public mode only."""
    records = [*rows(20), ["ab 1", "A", 1, "-"], ["ＡＢ１", "A", 1, "-"], ["AB1", "A", 1, "-"]]
    given = inputs(records=records, K=None)
    given["plan_given"] |= {"mode": "public", "rules": strata(A=rule("1/2"))}
    assert codes(transcripts.build(given).files) == ["NEAR_DUPLICATE_ID"]
    assert codes(over(records, strata(A=rule("1/2")))) == []


def test_12_1_late_reveal() -> None:
    """After ``reveal_by``, not at it."""
    by = "2026-12-01T03:02:00Z"
    assert codes(drawn(reveal_by=by)) == []
    assert codes(drawn(reveal_by="2026-12-01T03:01:59Z")) == ["LATE_REVEAL"] * 3


def test_12_1_figures_of_the_full_example() -> None:
    """Everything the specification asks to be shown, line by line."""
    example = transcripts.full()
    lines = transcripts.counts_of(example.files, TRUST)
    plan = example.made.plan
    assert lines[:4] == [
        "名录 120 行；排除：X10-1 6",
        f"层 A：可抽 38，排除 2，名额 {plan['quota']['A']}",
        f"层 B：可抽 38，排除 2，名额 {plan['quota']['B']}",
        f"层 C：可抽 38，排除 2，名额 {plan['quota']['C']}",
    ]
    assert lines[4:] == [
        f"公开随机事件 摇号 = {transcripts.DIGITS}",
        "托管方：无",
        "已公开身份 15 / 抽中 15",
        "替换 r=1：第 2 项任务的对象，事由 object-invalid",
        "替换 r=2：teams 第 1 项第 0 席，事由 recusal",
        "替换 r=3：experts 第 0 项第 0 席，事由 unavailable",
        "替换 r=4：teams 第 3 项第 1 席，事由 unavailable",
        "本事项 1 份方案 = 1 份有结果 + 0 份作废（其中随机事件之后作废 0 份）+ 0 份未结",
        "状态截至 2026-12-01T03:35:00Z，日志长度 23；之后可能还有记录",
    ]


def test_12_1_escrow_holders_are_shown() -> None:
    """Who keeps whose value."""
    contributors = transcripts.plan_given()["contributors"]
    contributors[1]["escrow"] = {"to": "市司法局", "alg": "x25519", "ct": "AAAA"}
    assert "托管方：纪检监察组 → 市司法局" in transcripts.counts_of(drawn(contributors=contributors))


def test_12_1_unwitnessed_state_is_told() -> None:
    """Without a quorum nobody knows what came later."""
    assert transcripts.counts_of(drawn())[-1] == "日志至第 6 条；没有足够见证方签名，之后可能还有记录"


def test_12_1_abandoned_draw_is_reported_too() -> None:
    """Without a draw there is nothing drawn."""
    end = entry("ABANDON", 65, r=0, reason="event-failed", by=["综合处", "纪检监察组"])
    files = drawn(log_given=[*transcripts.drawn_log()[:1], end])
    assert "已公开身份 0 / 抽中 0" in transcripts.counts_of(files)
    assert codes(files) == []
