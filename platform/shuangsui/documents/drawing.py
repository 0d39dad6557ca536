"""From a draw and its recusals to what their forms say (articles 8 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlmodel import col, select

from fairdraw.snapshot import salt_of
from fairdraw.suites import hasher
from shuangsui.access.service import user_of
from shuangsui.db import TenantSession
from shuangsui.documents.values import Contributor, DrawnLine, DrawRecord, RecusalDecision, Stratum
from shuangsui.documents.wording import moment_text
from shuangsui.draws import recusal, tasks, transcripts
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import STATE_NAMES, Office, draw_log, find
from shuangsui.draws.recusal_tables import CaseState, RaisedBy
from shuangsui.draws.service import key_of
from shuangsui.draws.tables import Cause, Draw, DrawnTask, RecusalCase
from shuangsui.errors import RuleRefused
from shuangsui.ledger.tables import Checkpoint
from shuangsui.ledger.witness import witness_name
from shuangsui.planning.policy import stratum_name
from shuangsui.registry import read
from shuangsui.registry.tables import Relation

CAUSES = {Cause.DISPATCH: "上级派发的检查对象", Cause.JOINT: "部门联合检查", Cause.SPECIAL: "专项检查"}
RELATIONS = {
    Relation.EMPLOYMENT: "任职", Relation.SHAREHOLDING: "持股", Relation.KINSHIP: "近亲属",
    Relation.FORMER_EMPLOYMENT: "曾任职", Relation.OTHER: "其他",
}  # fmt: skip
POOLS = {"teams": "执法检查人员", "experts": "专家"}


def draw_record(session: TenantSession, office: Office, no: str, portal: str) -> DrawRecord:
    """随机抽取记录 of a draw whose plan is in the log (R8.6); ``document_not_ready`` before that."""
    draw = find(session, no)
    if draw.state in transcripts.HIDDEN:
        raise RuleRefused("document_not_ready", subject=no, why="抽取方案还没有登记")
    view, bodies = transcripts.public_view(session, draw), _bodies(session, draw)
    times = {kind: datetime.fromisoformat(time) for kind, time in view["times"].items()}
    decided = times.get("RESULT")
    return DrawRecord(
        authority=office.tenant.name, number="", dated=legal_day(decided or draw.frozen_at),
        address=public_page(office, portal, no), draw_no=no, item=f"{draw.item_name}（{draw.item_code}）",
        basis=view["basis"], cause=_cause(draw), state=STATE_NAMES[draw.state],
        operator=person_name(session, draw.operator), frozen=moment_text(draw.frozen_at), decided=moment_text(decided),
        snapshot=view["snapshot"]["root"], plan=bodies["PLAN"]["plan_hash"],
        result=bodies.get("RESULT", {}).get("hash", ""), algorithm=f"srd-1（摘要算法 {draw.draft['suite']}）",
        event="；".join(map(_event, view["events"])),
        entropy="；".join(str(event["value"]) for event in view["events"] if event["value"]),
        parameters=_parameters(draw, view),
        contributors=tuple(_contributor(one) for one in view["contributors"]),
        witnesses=tuple(_witnesses(session, office, draw)),
        strata=tuple(Stratum(stratum_name(one["name"]), one["eligible"], one["quota"]) for one in view["strata"]),
        tasks=tuple(_lines(session, draw)),
    )  # fmt: skip


def recusal_decision(session: TenantSession, office: Office, no: str, portal: str) -> RecusalDecision:
    """回避决定书 of a decided request (R9.2); the private detail is not part of it."""
    case = recusal.find_case(session, no)
    if case.state is CaseState.RAISED or case.decided_at is None:
        raise RuleRefused("document_not_ready", subject=no, why="回避申请还没有决定")
    draw = session.find(Draw, case.draw_id)
    assert draw is not None
    upheld = case.state is CaseState.UPHELD
    return RecusalDecision(
        authority=office.tenant.name, number="", dated=legal_day(case.decided_at),
        address=public_page(office, portal, draw.no), case_no=no, applicant=_applicant(session, case),
        raised=moment_text(case.raised_at), person=_person(session, case), role=POOLS[case.pool], draw_no=draw.no,
        item=draw.item_name, task=f"第{case.task}项任务", reason=RELATIONS[Relation(case.reason_class)],
        decision="同意回避" if upheld else "不同意回避", reasons=case.decision,
        consequence=_consequence(case) if upheld else "被申请人继续参加本项检查。",
        decided_by=person_name(session, case.decided_by or ""), decided=moment_text(case.decided_at),
    )  # fmt: skip


def public_page(office: Office, portal: str, draw_no: str | None) -> str:
    """Where everybody can look the draw up; empty without a portal or a draw."""
    return f"{portal.rstrip('/')}/{office.tenant.slug}/draws/{draw_no}/" if portal and draw_no else ""


def own_page(session: TenantSession, office: Office, portal: str, draw_no: str | None, code: str) -> str:
    """Where an object finds itself in a draw: its code and the salt of its blinded id, which nobody else is given.

    Both stand behind the ``#``, so that no server and no log ever has them. Empty without a portal or a draw.
    """
    if not (portal and draw_no):
        return ""
    draw = find(session, draw_no)
    key = key_of(office, draw)
    salt = {} if key is None else {"salt": salt_of(key, code, hasher(draw.draft["suite"])).hex()}
    page = f"{portal.rstrip('/')}/{office.tenant.slug}/verify/"
    return f"{page}?{urlencode({'draw': draw_no})}#{urlencode({'code': code, **salt})}"


def person_name(session: TenantSession, login: str) -> str:
    """A user's name, or the login of somebody who is not known any more."""
    user = user_of(session, login)
    return user.name if user else login


def _bodies(session: TenantSession, draw: Draw) -> dict[str, Mapping[str, Any]]:
    """Bodies of the draw's own entries, replacements left out, by kind."""
    return {entry.kind: entry.body for entry in draw_log(session).of(draw.seq) if entry.r == 0}


def _cause(draw: Draw) -> str:
    if draw.cause is Cause.LINE:
        return f"{draw.year}年度抽查工作计划第{draw.line_no}条第{draw.round}次"
    return f"{CAUSES[draw.cause]}（{draw.cause_key}）"


def _event(event: Mapping[str, Any]) -> str:
    round_ = f"，第{event['round']}轮" if "round" in event else ""
    return f"{event['name']}（{moment_text(datetime.fromisoformat(event['at']))}{round_}）"


def _parameters(draw: Draw, view: Mapping[str, Any]) -> tuple[str, ...]:
    """Seats, pools and how many replacements are prepared."""
    seats = [f"检查组{view['team_size']}人"] if view["team_size"] else []
    pools = [f"{POOLS[pool]}库{count}人" for pool, count in view["pools"].items()]
    return (*seats, *pools, f"预备替换{draw.draft['replacements']}次")


def _contributor(one: Mapping[str, Any]) -> Contributor:
    revealed = one["revealed_at"]
    return Contributor(
        one["who"], one["commit"] or "", moment_text(datetime.fromisoformat(revealed)) if revealed else ""
    )


def _witnesses(session: TenantSession, office: Office, draw: Draw) -> Iterator[str]:
    """Authorities that cosigned a checkpoint with the draw's plan in it."""
    start = draw_log(session).of(draw.seq)[0].i
    rows = session.exec(select(Checkpoint.text).where(Checkpoint.size > start).order_by(col(Checkpoint.size))).all()
    for slug in office.tenant.witnesses:
        witness = office.tree.get(slug)
        if any(f"\n— {witness_name(witness)} " in text for text in rows):
            yield witness.name


def _lines(session: TenantSession, draw: Draw) -> Iterator[DrawnLine]:
    names = {one.cert_no: one.name for one in read.inspectors(session)}
    for row in tasks.tasks_of(session, draw):
        team = "、".join(f"{names.get(one, '')}（{one}）" for one in _leader_first(row))
        experts = "、".join(one for one in row.experts if one)
        name = f"{row.object_name}（已取消）" if row.cancelled else row.object_name
        yield DrawnLine(row.task, name, stratum_name(row.stratum), team, experts)


def _leader_first(row: DrawnTask) -> list[str]:
    leader = row.leader or (row.teams[0] if row.teams else None)
    return sorted((one for one in row.teams if one), key=lambda one: one != leader)


def _applicant(session: TenantSession, case: RecusalCase) -> str:
    match case.raised_by:
        case RaisedBy.OBJECT:
            return f"检查对象（{case.raiser}）"
        case RaisedBy.LEAD:
            return f"牵头处室 {person_name(session, case.raiser)}"
        case _:
            return f"本人 {person_name(session, case.raiser)}"


def _person(session: TenantSession, case: RecusalCase) -> str:
    """An inspector by name; an expert under the neutral number."""
    if case.pool == "teams":
        names = {one.cert_no: one.name for one in read.inspectors(session)}
        return f"{names.get(case.person, '')}（{case.person}）"
    return case.person


def _consequence(case: RecusalCase) -> str:
    drawn = "按公开的算法重新随机抽取人员替换"
    return f"{drawn}（抽取日志第{case.r}次替换）。" if case.r is not None else f"{drawn}。"
