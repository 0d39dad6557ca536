"""What a verifier shows besides its checks (srd-1 section 12.1): counts and warnings."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from fairdraw.log import Entry
from fairdraw.plan import POOLS
from fairdraw.snapshot import CODES
from fairdraw.teams import Pool
from fairdraw.verification import Verification


class Warn(NamedTuple):
    """A warning; it never changes the verdict."""

    code: str
    detail: str


def warnings(v: Verification) -> list[Warn]:
    """Every warning of a verification whose checks have all passed."""
    found = [
        *_unauthenticated(v), *_unchecked_events(v), *_siblings(v), *_replaced_often(v), *_forced_teams(v),
        *_strata(v), *_excluded(v), *_near_duplicates(v), *_late_reveals(v),
    ]  # fmt: skip
    return [Warn(code, detail) for code, detail in found]


Found = Iterator[tuple[str, str]]


def _unauthenticated(v: Verification) -> Found:
    for who in v.plan.contributors:
        if who not in v.authenticated:
            yield "CONTRIBUTOR_UNAUTHENTICATED", f"{who} 没有由您信任的公钥签名"


def _unchecked_events(v: Verification) -> Found:
    for event in v.plan["events"]:
        if event["kind"] != "ceremony":
            yield "EVENT_UNCHECKED", f"{event['name']} 的数值未与来源核对"


def _siblings(v: Verification) -> Found:
    last = v.log.entries[-1].time
    for plan in _plans_of_item(v):
        outcome = _outcome(v, plan)
        unfinished = outcome is None and plan.body["reveal_by"] < last
        if plan.seq != v.plan["seq"] and (unfinished or (outcome and outcome.kind == "RESULT")):
            yield "SIBLINGS", f"同一事项的第 {plan.seq} 号方案{'逾期未结' if unfinished else '也有结果'}"


def _plans_of_item(v: Verification) -> list[Entry]:
    return [e for e in v.log.entries if e.kind == "PLAN" and e.body["item"] == v.plan["item"]]


def _outcome(v: Verification, plan: Entry) -> Entry | None:
    """The RESULT or ABANDON that ended a plan."""
    ends = ("RESULT", "ABANDON")
    return next((e for e in v.log.of(plan.seq) if e.kind in ends and e.r == 0), None)


def _replaced_often(v: Verification) -> Found:
    requests = v.state.requests if v.state else {}
    for place, count in requests.items():
        if count > 1:
            yield "REPLACED_OFTEN", f"{'/'.join(map(str, place))} 申请替换 {count} 次"


def _forced_teams(v: Verification) -> Found:
    for pool in (Pool(name, v.plan[name]) for name in POOLS if v.draw and v.plan[name]):
        size = pool.rules["size"]
        assert v.draw is not None
        for t, task in enumerate(v.draw.selection.order):
            free = pool.free(task.b)
            if not pool.teams or size == 1:
                free &= pool.qualified(task.stratum)
            if len(free) < 3 * size or (pool.teams and len(free & pool.leaders) < 3):
                yield "FORCED_TEAM", f"{pool.name} 第 {t} 项任务可选人员只有 {len(free)} 人"


def _strata(v: Verification) -> Found:
    for name, stratum in v.snapshot.strata.items():
        n, quota = len(stratum.weights), v.plan["quota"][name]
        if 0 < n < 5:
            yield "SMALL_STRATUM", f"{name} 层只有 {n} 个"
        if n and (quota == 0 or (quota == n and not v.plan["batch"])):
            yield "CERTAIN", f"{name} 层抽 {quota} 个、共 {n} 个，结果没有悬念"
        if n and max(stratum.weights) > 8 * min(stratum.weights):
            yield "WEIGHT_RATIO", f"{name} 层权重相差超过 8 倍"


def _excluded(v: Verification) -> Found:
    count = sum(v.snapshot.excluded.values())
    if 10 * count > v.snapshot.n:
        yield "EXCLUDED_MANY", f"{v.snapshot.n} 行中排除 {count} 行"
    for code in v.snapshot.excluded:
        if code not in CODES and not code.startswith("XL-"):
            yield "CODE_UNLISTED", code


def _near_duplicates(v: Verification) -> Found:
    folded = Counter("".join(unicodedata.normalize("NFKC", id_).upper().split()) for id_ in v.ids)
    for id_, count in folded.items():
        if count > 1:
            yield "NEAR_DUPLICATE_ID", f"{id_} 有 {count} 种写法"


def _late_reveals(v: Verification) -> Found:
    for entry in v.of_kind("REVEAL", 0):
        if entry.time > v.plan["reveal_by"]:
            yield "LATE_REVEAL", f"{entry.body['who']} 于 {entry.time} 才揭示"


# counts


def counts(v: Verification) -> list[str]:
    """The figures a verifier must show, one Chinese line each."""
    return [*_frozen_lines(v), *_people_lines(v), *_drawn_lines(v), _item_line(v), _state_line(v)]


def _frozen_lines(v: Verification) -> Iterator[str]:
    excluded = "，".join(f"{code} {count}" for code, count in sorted(v.snapshot.excluded.items())) or "无"
    yield f"名录 {v.snapshot.n} 行；排除：{excluded}"
    out = Counter(line.split(b" ")[1] for line in v.snapshot.rows.split(b"\n")[:-1] if not line.endswith(b" -"))
    for name, n in sorted(v.snapshot.eligible.items()):
        yield f"层 {name}：可抽 {n}，排除 {out[name.encode()]}，名额 {v.plan['quota'][name]}"


def _people_lines(v: Verification) -> Iterator[str]:
    for event, value in zip(v.plan["events"], v.values, strict=False):
        yield f"公开随机事件 {event['name']} = {value}"
    holders = [f"{c['who']} → {c['escrow']['to']}" for c in v.plan["contributors"] if c["escrow"]]
    yield f"托管方：{'，'.join(holders) or '无'}"


def _drawn_lines(v: Verification) -> Iterator[str]:
    drawn = len(v.state.drawn) if v.state else 0
    yield f"已公开身份 {len(v.openings)} / 抽中 {drawn}"
    for entry in v.of_kind("REPLACE"):
        body = entry.body
        place = (
            f"{body['pool']} 第 {body['task']} 项第 {body['slot']} 席"
            if "slot" in body
            else f"第 {body['task']} 项任务的对象"
        )
        yield f"替换 r={entry.r}：{place}，事由 {body['reason']}"
    if v.state and v.state.cancelled:
        yield f"已取消的任务（对象无效且无候补）：{'，'.join(map(str, sorted(v.state.cancelled)))}"
    for pool, seats in (v.state.empty_seats() if v.state else {}).items():
        if seats:
            yield f"{pool} 空缺席位：{'，'.join(f'({t},{s})' for t, s in seats)}"


def _item_line(v: Verification) -> str:
    """ "P plans = R results + A abandoned (of these after the event: E) + O open"."""
    outcomes = [(plan, _outcome(v, plan)) for plan in _plans_of_item(v)]
    results = sum(1 for _, end in outcomes if end and end.kind == "RESULT")
    abandoned = [(plan, end) for plan, end in outcomes if end and end.kind == "ABANDON"]
    after = sum(1 for plan, end in abandoned if any(e.kind == "EVENT" and e.i < end.i for e in v.log.of(plan.seq)))
    open_ = len(outcomes) - results - len(abandoned)
    return (
        f"本事项 {len(outcomes)} 份方案 = {results} 份有结果 + {len(abandoned)} 份作废"
        f"（其中随机事件之后作废 {after} 份）+ {open_} 份未结"
    )


def _state_line(v: Verification) -> str:
    newest = v.newest_quorum()
    if newest is None:
        return f"日志至第 {len(v.log.entries)} 条；没有足够见证方签名，之后可能还有记录"
    return f"状态截至 {_time(newest[0])}，日志长度 {newest[1]}；之后可能还有记录"


def _time(seconds: int) -> str:
    """A protocol time; witnesses write 64 bits, more than a calendar holds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return f"Unix {seconds}"
