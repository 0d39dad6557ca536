"""Notice, visit and record of an on-site inspection (articles 8, 11, 13 and 16)."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from authority import ROOT, Authority
from inspecting import FORM, Team, team
from shuangsui.db import now
from shuangsui.draws.office import Office
from shuangsui.errors import RuleRefused, ShuangsuiError
from shuangsui.inspections import notices, records, tasks, views, visits
from shuangsui.inspections.states import Confirmation, Party, RecordState, TaskState
from shuangsui.inspections.tables import Evidence
from shuangsui.inspections.visits import Arrival
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.rules.service import load


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def see(one: Team) -> dict:
    """Everything about the task."""
    with one.authority.session() as session:
        return views.full(session, tasks.find_task(session, one.no))


def arrive(one: Team, person: str, party: Party = Party.OFFICER, **more) -> None:
    """One person checks in."""
    with one.authority.session() as session:
        arrival = Arrival(person, "厂区大门", party, **more)
        visits.check_in(session, one.office, one.no, arrival, actor="inspection")


# article 11


def test_r11_1_notice_says_basis_content_officers_and_rights(one: Team) -> None:
    """R11.1: and frequency so far, discipline, and that it was delivered."""
    one.until("arrive")
    notice = see(one)["notice"]
    content = notice["content"]
    assert [officer["certificate"] for officer in content["officers"]] == one.people()
    assert all(content[name] for name in ("basis", "content", "rights", "discipline"))
    assert (content["times_this_year"], notice["method"]) == (1, "直接送达")
    assert notice["delivered_at"] is not None


def demanding(one: Team, folder: Path, *parts: str) -> Office:
    """The authority at work under rules by which every notice tells these parts."""
    tenants = Path(shutil.copytree(ROOT / "tenants", folder / "tenants"))
    rule = f'[[rule]]\nkey = "notice.contents"\nvalue = {json.dumps(parts)}\narticle = "第二条"\n'
    (tenants / "chongqing" / "rules.toml").write_text(rule, "utf-8")
    tree = load(tenants, one.authority.today)
    return replace(one.office, tree=tree, tenant=tree.get("chongqing"))


def test_r11_1_notice_that_lacks_a_part_is_refused(one: Team, tmp_path: Path) -> None:
    """R11.1: what the rules demand besides basis and content; nothing is issued, then it is."""
    one.until("notify")
    office = demanding(one, tmp_path, "basis", "content", "rights", "materials")
    with one.authority.session() as session:
        notices.propose_visit(session, one.no, "年度抽查工作计划", actor="inspection", urgent=True)
    with one.authority.session() as session, pytest.raises(RuleRefused) as caught:
        notices.issue(session, office, one.no, actor="inspection", materials=[" "])
    found = caught.value
    assert (found.code, found.article, found.params["missing"]) == ("notice_incomplete", "第二条", "需要准备的材料")
    assert see(one)["notice"] is None
    with one.authority.session() as session:
        assert notices.issue(session, office, one.no, actor="inspection", materials=["设备台账"]).no == "TZ2026-0001"


def test_r11_2_unannounced_visit_needs_its_ground(one: Team) -> None:
    """R11.2: without a ground it is refused, with one it is served on arrival."""
    one.accept()
    issue = {"actor": "inspection", "unannounced": True}
    with one.authority.session() as session:
        notices.propose_visit(session, one.no, "举报线索", actor="inspection", urgent=True)
        act = (session, one.office, one.no)
        assert refused(notices.issue, *act, **issue) == "unannounced_ground"
        assert notices.issue(session, one.office, one.no, ground="预先告知将影响检查效果", **issue).unannounced


def test_r11_3_materials_are_asked_for_once(one: Team) -> None:
    """R11.3: a second list needs a reason, which is logged."""
    one.until("arrive")
    assert refused(one.act, notices.give_materials, ["设备台账"]) == "materials_given"
    one.act(notices.give_materials, ["设备台账"], reason="现场发现台账缺页")
    assert [row["reason"] for row in see(one)["materials"]] == ["", "现场发现台账缺页"]
    with one.authority.session() as session:
        logged = session.exec(select(LedgerEntry.payload).where(LedgerEntry.act == "notice.materials")).all()
    assert '"reason":"现场发现台账缺页"' in logged[1]


def test_no_arrival_before_the_notice(one: Team) -> None:
    """The notice is there, at the latest on arrival."""
    one.accept()
    assert refused(arrive, one, one.people()[0]) == "notice_missing"


# article 13


def test_r13_1_record_is_read_only_until_the_second_officer_is_there(one: Team) -> None:
    """R13.1: an expert or a witness does not count."""
    one.until("arrive")
    first, second = one.people()
    arrive(one, first)
    arrive(one, "居委会工作人员", Party.WITNESS)
    arrive(one, see(one)["experts"][0], Party.EXPERT)
    assert refused(one.write) == "record_readonly"
    assert one.read().state is TaskState.ACCEPTED
    arrive(one, second)
    one.write()
    assert one.read().state is TaskState.UNDERWAY


def test_r13_1_stranger_is_no_officer(one: Team) -> None:
    """Only the drawn team; nobody twice; a member is no witness (R13.6)."""
    one.until("arrive")
    first, _ = one.people()
    assert refused(arrive, one, "ZF9999") == "not_of_team"
    assert refused(arrive, one, first, Party.WITNESS) == "not_of_team"
    arrive(one, first)
    assert refused(arrive, one, first) == "checked_in"


def test_r13_2_nobody_signs_before_the_certificates_were_shown(one: Team) -> None:
    """R13.2: both numbers, as a step of its own."""
    one.until("arrive")
    for person in one.people():
        arrive(one, person)
    one.write()
    assert refused(one.act, records.sign, one.people()[0], Party.OFFICER) == "certificates_not_shown"
    assert refused(one.act, visits.show_certificates, one.people()[:1]) == "certificates_incomplete"
    one.act(visits.show_certificates, one.people())
    one.act(records.sign, one.people()[0], Party.OFFICER)
    assert see(one)["visits"][0]["certificates"] == sorted(one.people())


def test_r13_3_late_entry_is_stamped_with_its_delay(one: Team) -> None:
    """R13.3: 补录 the day after, with the minutes since the visit ended."""
    one.until("submit")
    one.authority.wait(hours=30)
    one.submit()
    record = see(one)["record"]
    assert (record["late"], record["delay_minutes"]) == (True, 1800)


def test_r13_3_record_of_the_same_day_is_not_late(one: Team) -> None:
    """The stamp is for late ones only."""
    record = see(one.whole())["record"]
    assert (record["late"], record["delay_minutes"]) == (False, 0)


@pytest.mark.parametrize("how", list(Confirmation))
def test_r13_4_signature_or_seal_completes_the_record(one: Team, how: Confirmation) -> None:
    """R13.4: either will do."""
    one.until("sign")
    one.act(records.sign, "厂长", Party.OBJECT, how=how)
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)
    one.leave()
    one.submit()
    assert see(one)["record"]["state"] == RecordState.CONFIRMED


def test_r13_4_without_either_the_record_stays_open(one: Team) -> None:
    """Neither signed nor refused."""
    one.until("sign")
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)
    one.leave()
    assert refused(one.submit) == "object_unsigned"


def test_r13_5_refusal_needs_its_reason_and_both_officers(one: Team) -> None:
    """R13.5: then the record is complete as `refused_recorded`."""
    one.until("sign")
    assert refused(one.act, records.refuse, "  ") == "refusal_reason"
    one.act(records.refuse, "负责人外出，不愿代签")
    first, second = one.people()
    one.act(records.sign, first, Party.OFFICER)
    one.leave()
    assert refused(one.submit) == "officer_unsigned"
    one.act(records.sign, second, Party.OFFICER)
    one.submit()
    assert (see(one)["record"]["state"], one.read().state) == (RecordState.REFUSED_RECORDED, TaskState.ENDED)


def test_r13_6_witness_signs_and_is_never_shown_with_contact(one: Team) -> None:
    """R13.6: a member of the team cannot be the witness; the contact is in no view and in no ledger row."""
    one.until("sign")
    one.act(records.refuse, "拒绝签字")
    first, _ = one.people()
    assert refused(one.act, records.sign, first, Party.WITNESS) == "signer_wrong"
    contact = one.office.vault.sealing("13900000001")
    one.act(records.sign, "王见证", Party.WITNESS, role="居委会工作人员", contact=contact)
    with one.authority.session() as session:
        payloads = "".join(session.exec(select(LedgerEntry.payload)))
    assert ("13900000001" in str(see(one)), "13900000001" in payloads) == (False, False)
    assert [row["role"] for row in see(one)["record"]["signatures"]] == ["居委会工作人员"]


def test_r13_7_object_not_found_takes_two_visits_with_evidence(one: Team) -> None:
    """R13.7: refused after the first; accepted without a signature after the second."""
    one.until("arrive")
    for n in range(2):
        one.arrive()
        one.act(visits.nobody_found)
        if n == 0:
            with one.authority.session() as session:
                records.open_record(session, one.no, FORM, actor="inspection")
        _photo(one)
        one.leave()
        if n == 0:
            assert refused(one.submit, "cannot_contact") == "sought_too_little"
            one.authority.wait(days=1)
    one.submit("cannot_contact")
    assert (see(one)["record"]["state"], see(one)["record"]["signatures"]) == (RecordState.UNREACHABLE, [])


def test_r13_7_two_visits_without_evidence_are_not_enough(one: Team) -> None:
    """A photo of each."""
    one.until("arrive")
    for _ in range(2):
        one.arrive()
        one.act(visits.nobody_found)
        one.leave()
    with one.authority.session() as session:
        records.open_record(session, one.no, FORM, actor="inspection")
    assert refused(one.submit, "cannot_contact") == "sought_too_little"


def test_r13_8_signed_record_is_corrected_by_addenda_only(one: Team) -> None:
    """R13.8: both texts stay readable, the addendum is signed anew."""
    one.until("sign")
    one.sign()
    change = {"facts": "改写"}
    assert refused(one.act, records.write, change, base_revision=1) == "record_signed"
    assert refused(one.act, records.add, "更正") == "record_unsigned"
    one.leave()
    one.submit()
    one.act(records.add, "设备编号应为 A-12")
    for person in one.people():
        one.act(records.sign_addendum, 1, person, Party.OFFICER)
    record = see(one)["record"]
    assert (record["facts"], record["addenda"][0]["text"]) == ("按检查要点逐项检查。", "设备编号应为 A-12")
    assert record["addenda"][0]["signatures"] == one.people()


def test_r13_9_counter_tells_the_order_when_the_clock_was_set_back(one: Team) -> None:
    """R13.9: the second step's device time lies before the first's: flagged."""
    one.until("arrive")
    first, second = one.people()
    with one.authority.session() as session:
        moment = now(session)
    arrive(one, first, device_at=moment, counter=1)
    arrive(one, second, device_at=moment - timedelta(hours=1), counter=2)
    flagged = [row["clock_jump"] for row in see(one)["visits"][0]["people"]]
    assert flagged == [False, True]


def test_record_that_somebody_else_changed_is_not_overwritten(one: Team) -> None:
    """Whoever writes says which revision they had seen."""
    one.until("write")
    one.write()
    assert refused(one.act, records.write, {"facts": "另一台设备"}, base_revision=0) == "record_changed"


@pytest.mark.parametrize(
    "content",
    [
        {"answers": {"99": {"answer": "yes"}}},
        {"answers": {"1": {"answer": "perhaps"}}},
        {"answers": {"1": "yes"}},
        {"answers": []},
        {"facts": 1},
        {"team": ["ZF0001"]},
    ],
)
def test_record_takes_answers_to_its_points_and_nothing_else(one: Team, content: dict) -> None:
    """Nothing of it is written."""
    one.until("write")
    with one.authority.session() as session:
        records.open_record(session, one.no, FORM, actor="inspection")
    assert refused(one.act, records.write, content, base_revision=0) == "record_content"
    assert see(one)["record"]["revision"] == 0


# articles 8 and 16


def test_r8_4_only_the_leader_submits(one: Team) -> None:
    """R8.4 组长负责制."""
    one.until("submit")
    assert refused(one.submit, leader=one.people()[1]) == "not_leader"
    one.submit()


def test_r16_3_length_of_the_visit_is_measured(one: Team) -> None:
    """R16.3: a missing exit time blocks the submission; then the minutes are shown."""
    one.until("leave")
    one.authority.wait(minutes=95)
    assert refused(one.submit) == "exit_missing"
    one.leave()
    one.submit()
    assert see(one)["visits"][0]["minutes"] == 95


def _photo(one: Team) -> None:
    with one.authority.session() as session:
        task = tasks.find_task(session, one.no)
        session.add(
            Evidence(
                task_id=task.id, sha256=uuid4().hex * 2, media_type="image/jpeg", size=1, name="门口.jpg",
                by="inspection", at=now(session),
            )
        )  # fmt: skip
