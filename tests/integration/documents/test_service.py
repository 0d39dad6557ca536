"""Issued forms: what they say follows from the rows, and a content keeps its number (articles 8, 9, 11, 13, 15)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlmodel import col, select

from authority import SUPERVISOR, Authority, inspectors, line_terms, objects
from fairdraw.snapshot import blind
from fairdraw.suites import hasher
from inspecting import Team, team
from shuangsui.cli import walk
from shuangsui.cli.walk import Course
from shuangsui.documents import service
from shuangsui.documents.service import Issued
from shuangsui.documents.tables import IssuedDocument
from shuangsui.documents.values import (
    DrawRecord,
    NoticeForm,
    RectificationOrder,
    RecusalDecision,
    ReviewRecord,
    VisitRecordForm,
)
from shuangsui.draws import recusal, tasks, transcripts
from shuangsui.draws.office import draw_log, find
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import RaisedBy
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import codes, followup, records
from shuangsui.inspections import tasks as inspections
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Mode, Party
from shuangsui.inspections.tasks import accept, dispatch
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.texts import sentence

PORTAL = "https://portal.example/"
SHORT = "市经济信息委"


def issue(authority: Authority, kind: str, subject: str, *, actor: str, portal: str = PORTAL) -> Issued:
    """One form in a transaction of its own."""
    with authority.session() as session:
        return service.issue(session, authority.office, kind, subject, actor=actor, portal=portal)


def refused(act: Callable[..., object], *arguments: object, **options: object) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def finding(authority: Authority, **course: Any) -> Team:
    """An inspection from its notice to its record, with something found."""
    return team(authority, course=Course(("pending",), {"1": "发现淘汰设备一台"}, **course)).whole()


def test_r8_6_draw_record_says_what_the_transcript_says(authority: Authority) -> None:
    """Operator, time, snapshot digest, entropy, algorithm, output, witnesses: each as the public files have it."""
    authority.ready()
    draw = authority.draw()
    made = issue(authority, "draw", draw.no, actor="lead")
    with authority.session() as session:
        files = transcripts.transcript(session, authority.office, draw)
        entries = {entry.kind: entry.body for entry in draw_log(session).of(draw.seq)}
        rows = tasks.tasks_of(session, draw)
    form = made.form
    assert isinstance(form, DrawRecord)
    assert (form.draw_no, form.operator, form.state, form.basis) == (draw.no, "lead", "已抽取", draw.draft["basis"])
    assert form.frozen == "2026年6月15日09时00分"
    assert form.snapshot == json.loads(files["plan.json"])["snapshot"]["root"]
    assert (form.plan, form.result) == (entries["PLAN"]["plan_hash"], entries["RESULT"]["hash"])
    assert (form.entropy, form.algorithm) == ("31415926535897932384", "srd-1（摘要算法 sha256）")
    assert [one.who for one in form.contributors] == [c["who"] for c in draw.draft["contributors"]]
    assert SUPERVISOR in [one.who for one in form.contributors]
    lines = [(line.n, line.object, line.stratum) for line in form.tasks]
    assert lines == [(row.task, row.object_name, f"{row.stratum} 类") for row in rows]
    assert form.tasks[0].team.startswith(f"检查员{rows[0].teams[0][2:]}（{rows[0].teams[0]}）")
    assert form.witnesses == tuple(authority.office.tree.get(slug).name for slug in authority.office.tenant.witnesses)
    assert form.address == f"https://portal.example/chongqing/draws/{draw.no}/"


def test_r8_6_no_record_before_the_plan_is_in_the_log(authority: Authority) -> None:
    """Nothing of a frozen draw is official yet."""
    authority.ready()
    assert refused(issue, authority, "draw", authority.freeze().no, actor="lead") == "document_not_ready"


def test_same_content_keeps_its_number_and_its_bytes(authority: Authority) -> None:
    """Printed a day later by somebody else."""
    authority.ready()
    no = authority.draw().no
    first = issue(authority, "draw", no, actor="lead")
    authority.wait(days=1)
    second = issue(authority, "draw", no, actor="leader")
    assert (first.again, second.again) == (False, True)
    assert first.form.number == second.form.number == f"{SHORT}抽记〔2026〕1号"
    assert first.printed.data == second.printed.data


def test_issue_is_recorded_once(authority: Authority) -> None:
    """Row and ledger hold the hash of the file that was handed out."""
    authority.ready()
    no = authority.draw().no
    made = issue(authority, "draw", no, actor="lead")
    issue(authority, "draw", no, actor="lead")
    digest = sha256(made.printed.data).hexdigest()
    with authority.session() as session:
        rows = service.issued(session, "draw", no)
        acts = session.exec(
            select(LedgerEntry).where(LedgerEntry.act == "document.issue").order_by(col(LedgerEntry.n))
        ).all()
    assert [(row.number, row.sha256, row.by) for row in rows] == [(made.form.number, digest, "lead")]
    assert [act.subject for act in acts] == [f"document/{made.form.number}"]
    assert json.loads(acts[0].payload)["sha256"] == digest


def test_address_of_the_portal_is_no_new_content(authority: Authority) -> None:
    """A city that moves its site does not renumber its documents."""
    authority.ready()
    no = authority.draw().no
    numbers = {
        issue(authority, "draw", no, actor="lead", portal=p).form.number for p in (PORTAL, "", "https://b.example")
    }
    assert len(numbers) == 1


def test_notice_carries_the_objects_own_link(authority: Authority) -> None:
    """Code and salt behind the #: together they are its row of the blinded list, and no other code is."""
    one = finding(authority)
    form = issue(authority, "notice", one.no, actor="inspection").form
    assert isinstance(form, NoticeForm)
    with authority.session() as session:
        draw = find(session, inspections.find_task(session, one.no).draw_no or "")
        rows = transcripts.transcript(session, authority.office, draw)["rows.txt"].decode()
    address = urlsplit(form.address)
    own = dict(parse_qsl(address.fragment))
    assert draw.draft["mode"] == "salted"
    assert (address.netloc, address.path) == ("portal.example", "/chongqing/verify/")
    assert (address.query, set(own)) == (f"draw={draw.no}", {"code", "salt"})
    h, salt = hasher(draw.draft["suite"]), bytes.fromhex(own["salt"])
    assert own["code"] == form.object_code
    assert [blind(code, salt, h).hex() in rows for code in (own["code"], "91500000000000000X")] == [True, False]
    assert issue(authority, "notice", one.no, actor="inspection", portal="").form.address == ""


def test_r11_1_notice_holds_basis_content_officers_rights_frequency_discipline(authority: Authority) -> None:
    """As the notice said them on its day, with its delivery."""
    one = finding(authority)
    form = issue(authority, "notice", one.no, actor="inspection").form
    assert isinstance(form, NoticeForm)
    assert (form.notice_no, form.type, form.mode) == ("TZ2026-0001", "双随机抽查", "现场检查")
    assert bool(form.basis) is bool(form.content) is True
    assert [officer.certificate for officer in form.officers] == one.people()
    assert [officer.leader for officer in form.officers] == [True, False]
    assert form.materials == ("营业执照", "有关台账")
    assert any("陈述" in right for right in form.rights)
    assert any("申请回避" in right for right in form.rights)
    assert len(form.discipline) == 3
    assert form.frequency == "本年度同类事项对你单位的抽查（含本次）共1次。"
    assert (form.method, form.received_by) == ("直接送达", "检查对象负责人")
    assert form.number == f"{SHORT}检通〔2026〕1号"


def test_r13_4_signed_record(authority: Authority) -> None:
    """Points with facts, certificates shown, who signed and that the object did."""
    one = finding(authority)
    form = issue(authority, "visit", one.no, actor="inspection").form
    assert isinstance(form, VisitRecordForm)
    assert [(p.no, p.answer, p.facts) for p in form.points] == [("1", "不符合", "发现淘汰设备一台"), ("2", "符合", "")]
    assert form.place == "检查对象住所"
    assert form.shown.endswith("已出示执法证" + "、".join(sorted(one.people())))
    assert [s.person for s in form.object_signatures] == ["检查对象负责人"]
    assert [s.person.split("（")[1] for s in form.officer_signatures] == [f"{no}）" for no in one.people()]
    assert (form.state, form.refusal, form.late, form.supplements) == ("已确认", "", "", ())


def test_r12_1_visit_has_no_record_of_papers(authority: Authority) -> None:
    """The other way round it is refused as well, and the sentence names the form to print."""
    one = finding(authority)
    with pytest.raises(ShuangsuiError) as caught:
        issue(authority, "review", one.no, actor="inspection")
    assert sentence(caught.value) == (f"检查任务 {one.no} 采用现场检查，不出具非现场检查记录：请改为出具现场检查记录。")


def test_r13_5_refused_record_gives_the_reason_and_both_officers(authority: Authority) -> None:
    """No signature of the object."""
    one = finding(authority, refusal="负责人不在场")
    form = issue(authority, "visit", one.no, actor="inspection").form
    assert isinstance(form, VisitRecordForm)
    assert (form.state, form.refusal, form.object_signatures) == ("拒签已记录", "负责人不在场", ())
    assert len(form.officer_signatures) == 2


def test_r12_1_inspection_by_papers_prints_a_record_of_its_own(authority: Authority) -> None:
    """No place, no arrival, no signature of the object; that of a visit is refused for it."""
    authority.take_in(objects=objects(12, "JX-02"), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-02", line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    with authority.session() as session:
        (first, second, third, *_) = dispatch(session, authority.office, draw.no, actor="lead", mode=Mode.DOCUMENT)
        walk.inspect(session, authority.office, first.no, Course(), actor="inspection")
        walk.write(session, accept(session, third.no, actor="inspection"), Course(), actor="inspection")
        codes.enter(session, third.no, "ZFM-9", actor="inspection")
    form = issue(authority, "review", first.no, actor="inspection").form
    assert isinstance(form, ReviewRecord)
    assert (form.mode, form.state, form.supplements) == ("书面检查", "已得出结论", ())
    assert {point.answer for point in form.points} == {"符合"}
    coded = issue(authority, "review", third.no, actor="inspection").form
    assert [one.code for one in (form, coded)] == ["", "ZFM-9"]
    assert refused(issue, authority, "visit", first.no, actor="inspection") == "document_of_mode"
    assert refused(issue, authority, "review", second.no, actor="inspection") == "record_missing"


def test_r13_8_addendum_makes_a_new_document(authority: Authority) -> None:
    """The earlier one stays under its number; both texts are readable."""
    one = finding(authority)
    before = issue(authority, "visit", one.no, actor="inspection").form
    one.act(records.add, "型号更正")
    one.act(records.sign_addendum, 1, one.people()[0], Party.OFFICER)
    after = issue(authority, "visit", one.no, actor="inspection").form
    assert isinstance(after, VisitRecordForm)
    assert (before.number, after.number) == (f"{SHORT}检记〔2026〕1号", f"{SHORT}检记〔2026〕2号")
    assert [(s.n, s.text) for s in after.supplements] == [(1, "型号更正")]
    assert one.people()[0] in after.supplements[0].signed
    assert after.points == before.points


def test_r15_1_order_lists_what_must_be_done_until_when(authority: Authority) -> None:
    """Refused while nothing has been ordered."""
    one = finding(authority)
    assert refused(issue, authority, "rectification", one.no, actor="inspection") == "document_not_ready"
    due = authority.today + timedelta(days=30)
    one.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=due), actor="lead")
    form = issue(authority, "rectification", one.no, actor="inspection").form
    assert isinstance(form, RectificationOrder)
    assert [(d.n, d.finding, d.demand, d.due) for d in form.demands] == [
        (1, "发现淘汰设备一台", "拆除淘汰设备", f"2026年{due.month}月{due.day}日")
    ]
    assert [officer.certificate for officer in form.officers] == one.people()


def test_r11_1_approval_names_proposer_and_leaves_the_approver_open(authority: Authority) -> None:
    """An urgent visit that waits for its approval."""
    one = finding(authority)
    form = issue(authority, "approval", one.no, actor="leader").form
    assert (form.proposer, form.approver, form.approved) == ("inspection", "", "")
    assert (form.urgent, form.reason, form.mode_reason) == (
        "情况紧急，检查后补批",
        "年度抽查工作计划",
        "需要核对现场设备",
    )


@pytest.mark.parametrize(("uphold", "decision"), [(True, "同意回避"), (False, "不同意回避")])
def test_r9_2_recusal_decision_gives_the_reasons_and_no_private_detail(
    authority: Authority, uphold: bool, decision: str
) -> None:
    """To whoever asked; before the decision there is nothing to print."""
    authority.ready()
    draw = authority.draw()
    with authority.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        claim = Claim(0, "teams", row.teams[1], RaisedBy.OBJECT, row.object_code, "kinship", "组员的表兄任职")
        case = recusal.raise_case(session, draw.no, claim, actor="lead")
    assert refused(issue, authority, "recusal", case.no, actor="lead") == "document_not_ready"
    with authority.session() as session:
        recusal.decide(session, authority.office, case.no, "经核实", uphold=uphold, actor="leader")
    made = issue(authority, "recusal", case.no, actor="lead")
    form = made.form
    assert isinstance(form, RecusalDecision)
    assert (form.decision, form.reasons, form.reason, form.decided_by) == (decision, "经核实", "近亲属", "leader")
    assert form.person.endswith(f"（{claim.person}）")
    assert "表兄" not in json.dumps(form.as_data(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("kind", "subject", "actor", "code"),
    [
        ("letter", "x", "lead", "document_unknown"),
        ("draw", "x", "sec.admin", "not_allowed"),
        ("draw", "x", "lead", "draw_missing"),
        ("notice", "RW2026-0001", "inspection", "task_missing"),
        ("notice", "RW2026-0001", "lead", "not_allowed"),
        ("rectification", "RW2026-0001", "leader", "not_allowed"),
    ],
)
def test_refusals(authority: Authority, kind: str, subject: str, actor: str, code: str) -> None:
    """Unknown form, wrong role, missing thing: nothing is numbered."""
    assert refused(issue, authority, kind, subject, actor=actor) == code
    with authority.session() as session:
        assert session.exec(select(IssuedDocument)).all() == []


def test_a_district_cannot_print_the_citys_draw(authority: Authority) -> None:
    """Another authority's draw is like none at all."""
    authority.ready()
    no = authority.draw().no
    assert refused(issue, authority.beside("liangjiang"), "draw", no, actor="lead") == "draw_missing"
