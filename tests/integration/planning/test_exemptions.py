"""Inspections outside the draw (article 17, order 375): what is allowed, what is refused and what a refusal leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, func, select

from authority import Authority, objects
from plugged import bound
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.db import TenantOwned
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import exemptions
from shuangsui.planning.exemption_policy import Wanted
from shuangsui.planning.indicator import Quarter
from shuangsui.planning.service import drawn_in_year
from shuangsui.planning.tables import CaseState, ExemptionCase
from shuangsui.planning.visits import enter_visit
from shuangsui.rules.policy import Rules

THING = {"code": objects(1)[0]["code"], "name": "企业0(模拟)", "address": "渝中区"}
PLAN = {"necessity": "投诉集中", "body": "检查处室", "time": "6月", "area": "渝中区", "approval": "渝中府〔2026〕1号"}
COMPLAINT = Wanted(
    code="complaint-special", trigger="complaint", trigger_text="群众反映超标用能", objects=[THING],
    evidence={"number": "TS2026-001", "received_on": "2026-06-10", "summary": "超标用能"}, item_code="JX-11",
    plan=PLAN, filing={"no": "备2026-1", "at": "2026-06-12"},
)  # fmt: skip
SUPERIOR = replace(
    COMPLAINT, code="superior-dragnet", trigger="superior", trigger_text="上级部署",
    evidence={"number": "工信办〔2026〕3号", "source": "工业和信息化部", "received_on": "2026-06-01"},
)  # fmt: skip
CLUE = replace(
    COMPLAINT, code="complaint-clue", plan={}, filing={}, team=("ZF0000", "ZF0001")
)  # fmt: skip
EVERYBODY = [{"code": row["code"], "name": row["name"], "address": ""} for row in objects(200)]


def request(authority: Authority, wanted: Wanted, actor: str = "lead", rules: Rules | None = None) -> ExemptionCase:
    """Ask for it."""
    office = authority.office
    with authority.session() as session:
        return exemptions.request(
            session, office.tenant, wanted, rules=rules or office.rules(authority.today), actor=actor
        )


def approve(authority: Authority, no: str, actor: str = "leader") -> ExemptionCase:
    """Approve it."""
    with authority.session() as session:
        return exemptions.approve(session, no, rules=authority.office.rules, actor=actor)


def refused(act, *arguments, **options) -> tuple[str, str | None]:
    """Code and article of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code, caught.value.article


def census(authority: Authority) -> dict[str, int]:
    """How many rows every table of this authority has."""
    mapped = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]
    tables = [one for one in mapped if issubclass(one, TenantOwned) and one.__module__.startswith("shuangsui.")]
    with authority.session() as session:
        return {one.__tablename__: session.exec(select(func.count()).select_from(one)).one() for one in tables}


def added(authority: Authority, before: dict[str, int]) -> dict[str, int]:
    """Tables that have more rows, or fewer, than ``before``."""
    return {name: n - before[name] for name, n in census(authority).items() if n != before[name]}


def last_row(authority: Authority) -> tuple[str, str, str, Any]:
    """Act, actor, subject and payload of the ledger's newest row; the whole ledger verifies."""
    with authority.session() as session:
        assert verify(session).faults == ()
        row = session.exec(select(LedgerEntry).order_by(LedgerEntry.n.desc())).first()
        return row.act, row.actor, row.subject, json.loads(row.payload)


def kept(authority: Authority) -> tuple[list[Any], list[tuple[str, str, str]]]:
    """Every case, and what the ledger says of exemptions."""
    with authority.session() as session:
        acts = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
        found = [(act.act, act.actor, act.subject) for act in acts if act.act.startswith("exemption.")]
        return list(exemptions.cases(session)), found


def test_r17_2_complaint_with_evidence_needs_no_draw(stocked: Authority) -> None:
    """R17.2: complaint, special inspection, evidence number: no draw of objects, not 双随机, the counter unchanged."""
    case = approve(stocked, request(stocked, COMPLAINT).no)
    assert (case.no, case.state, case.task_type) == ("LX2026-0001", CaseState.APPROVED, "special")
    assert "object_draw" in case.skips
    assert (case.evidence_no, case.basis) == ("TS2026-001", "渝经信发〔2021〕6号 第十七条")
    with stocked.session() as session:
        assert exemptions.approved(session, case.no).no == case.no
        assert drawn_in_year(session, 2026, "节能") == {}


MEASURES = "渝经信发〔2021〕6号 第十七条"
ORDER = "重庆市人民政府令第375号"
REFUSED = {
    "unknown trigger": (replace(COMPLAINT, trigger="tip"), "exemption_trigger_unknown", "第十七条"),
    "unknown code": (replace(COMPLAINT, code="whatever"), "exemption_unknown", "第十七条"),
    "code of another trigger": (replace(COMPLAINT, code="instant"), "exemption_trigger_other", f"{ORDER} 第三十条"),
    "empty trigger text": (replace(COMPLAINT, trigger_text=" "), "exemption_trigger_empty", MEASURES),
    "no evidence number": (
        replace(COMPLAINT, evidence={**COMPLAINT.evidence, "number": " "}), "exemption_evidence_missing", MEASURES
    ),
    "no object": (replace(COMPLAINT, objects=[]), "exemption_objects_missing", MEASURES),
    "people typed in": (replace(COMPLAINT, team=("ZF0000", "ZF0001")), "exemption_team_typed", "第八条"),
    "one officer": (replace(CLUE, team=("ZF0000", "ZF0000")), "exemption_team_small", "第十三条"),
    "officer without certificate": (replace(CLUE, team=("ZF0000", "ZF9999")), "exemption_team_certificate", "第六条"),
    "dragnet over the whole registry": (
        replace(SUPERIOR, objects=EVERYBODY), "exemption_full_coverage", f"{ORDER} 第二十七条"
    ),
    "everybody by a special inspection": (
        replace(COMPLAINT, objects=EVERYBODY), "exemption_full_coverage", f"{ORDER} 第二十七条"
    ),
    "no plan": (replace(COMPLAINT, plan={}), "exemption_plan_missing", f"{ORDER} 第二十六条至第二十八条"),
    "no filing": (replace(COMPLAINT, filing={}), "exemption_filing_missing", f"{ORDER} 第二十六条至第二十八条"),
    "filed on no day": (
        replace(COMPLAINT, filing={"no": "备1", "at": "六月"}), "exemption_filing_missing",
        f"{ORDER} 第二十六条至第二十八条",
    ),
    "item not in force": (replace(COMPLAINT, item_code="JX-15"), "item_not_in_force", "第二条"),
    "no item": (replace(COMPLAINT, item_code=None), "exemption_item_missing", f"{ORDER} （条款序号未见）"),
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "code", "article"), REFUSED.values(), ids=REFUSED)
def test_r17_2_wrong_exemption_is_refused_and_leaves_its_refusal_alone(
    stocked: Authority, wanted: Wanted, code: str, article: str
) -> None:
    """R17.2, R17.4: the article is cited; only the ledger has grown, by the refusal; no number is used."""
    before = census(stocked)
    assert refused(request, stocked, wanted) == (code, article)
    assert added(stocked, before) == {"ledger_entry": 1}
    said = {"act": "request", "code": code, "article": article}
    assert last_row(stocked) == ("exemption.refused", "lead", f"exemption/{wanted.code}", said)
    assert request(stocked, COMPLAINT).no == "LX2026-0001"


def test_r17_2_self_approval_is_refused_and_leaves_its_refusal_alone(stocked: Authority) -> None:
    """The leader who asked does not approve; the case waits for another one."""
    case = request(stocked, COMPLAINT, actor="leader")
    before = census(stocked)
    assert refused(approve, stocked, case.no) == ("exemption_self_approval", MEASURES)
    assert added(stocked, before) == {"ledger_entry": 1}
    said = {"act": "approve", "code": "exemption_self_approval", "article": MEASURES}
    assert last_row(stocked) == ("exemption.refused", "leader", f"exemption/{case.no}", said)
    cases, acts = kept(stocked)
    assert [(one.no, one.state, one.approver) for one in cases] == [(case.no, CaseState.REQUESTED, None)]
    assert [act for act, *_ in acts] == ["exemption.request", "exemption.refused"]


def test_r17_2_item_that_left_the_list_is_not_approved(stocked: Authority) -> None:
    """R5.8, R17.2: published when it was asked for, retired before the approval."""
    case = request(stocked, COMPLAINT)
    rules, level = stocked.office.rules(stocked.today), stocked.office.level
    with stocked.session() as session:
        drafting.hold(session, "JX-11", "职能划出", actor="lead")
        catalogue.submit(session, actor="lead", rules=rules, level=level)
        catalogue.approve(session, actor="leader", rules=rules)
        catalogue.publish(session, actor="lead", rules=rules)
    before = census(stocked)
    assert refused(approve, stocked, case.no) == ("item_not_in_force", "第二条")
    assert added(stocked, before) == {"ledger_entry": 1}


LOOSE = {
    "special.full_coverage": replace(SUPERIOR, objects=EVERYBODY),
    "special.plan_required": replace(COMPLAINT, plan={}),
    "special.filing_required": replace(COMPLAINT, filing={}),
    "special.published_item": replace(COMPLAINT, item_code=None),
}


@pytest.mark.parametrize(("key", "wanted"), LOOSE.items(), ids=LOOSE)
def test_r17_4_each_rule_of_the_order_is_what_refuses(stocked: Authority, key: str, wanted: Wanted) -> None:
    """R17.4: were that one rule loose, the same request would pass; so it is the rule that decides, and no other."""
    rules = stocked.office.rules(stocked.today)
    refused(request, stocked, wanted)
    free = replace(rules[key], value=key == "special.full_coverage")
    loose = replace(rules, ladders={**rules.ladders, key: (free,)})
    assert request(stocked, wanted, rules=loose).state is CaseState.REQUESTED


def interested(authority: Authority, person: str, **more: str) -> None:
    """A person has an interest in the object."""
    row = {"person_kind": "执法检查人员", "person_no": person, "object_code": THING["code"], "relation": "持股"}
    authority.take_in(interests=[row | more])


def test_r9_1_officer_with_an_interest_is_not_named(stocked: Authority) -> None:
    """R9.1: people who are named instead of drawn withdraw as well; the relation is told nobody."""
    interested(stocked, "ZF0001")
    with pytest.raises(ShuangsuiError) as caught:
        request(stocked, CLUE)
    assert (caught.value.code, caught.value.article, caught.value.params) == (
        "exemption_team_interest", "第九条", {"people": "ZF0001"},
    )  # fmt: skip


def test_r13_1_typed_team_is_as_large_as_its_family_asks(stocked: Authority, tmp_path: Path) -> None:
    """Two officers where the authority's own rule wants three; of another family two are enough."""
    bound(stocked, tmp_path, 'explosives = ["JX-11"]')
    assert refused(request, stocked, CLUE) == ("exemption_team_small", "两江新区示范〔2026〕1号 第五条")
    assert request(stocked, replace(CLUE, item_code="JX-14")).team == ["ZF0000", "ZF0001"]


@pytest.mark.parametrize(("person", "more"), [("ZF0002", {}), ("ZF0001", {"until": "2026-06-14"})])
def test_r9_1_interest_of_others_or_ended_bars_nobody(stocked: Authority, person: str, more: dict[str, str]) -> None:
    """R9.1: somebody else's, or one that ended yesterday."""
    interested(stocked, person, **more)
    assert request(stocked, CLUE).team == ["ZF0000", "ZF0001"]


def test_r17_4_superiors_deployment_document_allows_the_dragnet(stocked: Authority) -> None:
    """R17.4, order 375 art. 28: with the document no own plan is needed and everybody may be inspected."""
    deployed = {**SUPERIOR.evidence, "deployment": "工信办〔2026〕3号"}
    assert request(stocked, replace(SUPERIOR, objects=EVERYBODY, evidence=deployed, plan={})).mode == "dragnet"


def test_r17_4_campaign_cut_into_pieces_is_still_one(stocked: Authority) -> None:
    """R17.4: the second half completes the registry; what was refused by the leader does not count."""
    first = request(stocked, replace(COMPLAINT, objects=EVERYBODY[:100]))
    half = replace(COMPLAINT, objects=EVERYBODY[100:])
    assert refused(request, stocked, half) == ("exemption_full_coverage", f"{ORDER} 第二十七条")
    with stocked.session() as session:
        exemptions.refuse(session, first.no, "没有必要", actor="leader")
    assert request(stocked, half).state is CaseState.REQUESTED


def test_r17_4_clue_and_instant_checks_need_no_plan(stocked: Authority) -> None:
    """R17.4: 有事必查; four grounds; both outside every frequency limit."""
    instant = replace(
        CLUE, code="instant", trigger="ground", evidence={"ground": "正在发生的违法行为", "summary": "现场发现"}
    )
    cases = [request(stocked, wanted) for wanted in (CLUE, instant)]
    assert [(case.task_type, case.unlimited, case.team) for case in cases] == [
        ("clue", True, ["ZF0000", "ZF0001"]),
        ("instant", True, ["ZF0000", "ZF0001"]),
    ]


def test_case_that_is_not_approved_carries_no_inspection(stocked: Authority) -> None:
    """Neither while it waits nor once it is refused; decided is decided."""
    case = request(stocked, COMPLAINT)
    with stocked.session() as session:
        assert refused(exemptions.approved, session, case.no) == ("exemption_not_approved", MEASURES)
        assert refused(exemptions.approved, session, "LX2026-0099")[0] == "exemption_missing"
        exemptions.refuse(session, case.no, "证据不足", actor="leader")
        assert refused(exemptions.approved, session, case.no) == ("exemption_not_approved", MEASURES)
    assert refused(approve, stocked, case.no)[0] == "exemption_decided"


def test_r17_2_narrow_reading_leaves_clue_checks_to_other_provisions(stocked: Authority) -> None:
    """R17.2 D: an entry that rests a clue check on the measures themselves is refused."""
    tenant = stocked.office.tenant
    wrong = [
        replace(one, entry=one.entry.model_copy(update={"authority": MEASURES}))
        for one in tenant.exemptions
        if one.entry.code == "complaint-clue"
    ]
    rules = stocked.office.rules(stocked.today)
    with stocked.session() as session:
        assert refused(
            exemptions.request, session, replace(tenant, exemptions=tuple(wrong)), CLUE, rules=rules, actor="lead"
        ) == ("exemption_campaign", "第十七条")


def test_r17_3_indicator_of_the_quarter(stocked: Authority) -> None:
    """R17.3: two of five visits are more than 30 %."""
    keyring = stocked.office.keyring
    with stocked.session() as session:
        for type_ in ("random", "random", "random", "special", "clue"):
            enter_visit(
                session, keyring, object_code="X", family="节能", on=date(2026, 6, 1), type_=type_, trigger=None
            )
        found = exemptions.indicator(session, Quarter(2026, 2), stocked.office.rules(stocked.today))
        before = exemptions.indicator(session, Quarter(2026, 1), stocked.office.rules(stocked.today))
    assert (found.visits, found.exempt, found.amber) == (5, 2, True)
    assert (before.visits, before.amber) == (0, False)


def test_r18_2_case_is_judged_by_the_rules_it_began_with(stocked: Authority) -> None:
    """R18.2: asked for before the order took effect it is approved by its own rules; a new one meets the order."""
    before, after = date(2025, 9, 19), date(2025, 9, 20)
    bare = replace(COMPLAINT, plan={}, filing={})
    office = stocked.office
    case = request(stocked, bare, rules=office.rules(before))
    assert (case.rules_on, case.rules_digest) == (before, office.rules(before).digest())
    assert approve(stocked, case.no).state is CaseState.APPROVED
    with pytest.raises(ShuangsuiError, match="exemption_plan_missing"):
        request(stocked, bare, rules=office.rules(after))
