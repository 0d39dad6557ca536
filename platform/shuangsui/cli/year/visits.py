"""How the inspections of the simulated year go, and what follows their findings."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import BytesIO

import segno

from shuangsui.cli.walk import Course, arrive, leave, publish, sign, write
from shuangsui.cli.year.script import Fate
from shuangsui.cli.year.stage import Stage, watch
from shuangsui.inspections import codes, evidence, followup, forms, notices, rechecks, records, results, tasks, visits
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Mode
from shuangsui.inspections.tables import InspectionTask

SLOTS = (9.0, 11.0, 14.0, 16.0)
"""Hours at which visits of one day begin."""
TERM, NOTICE_DAYS = timedelta(days=20), timedelta(days=3)
AGAIN = timedelta(days=3)
"""Between the two visits on which nobody is found (R13.7)."""
WHY = "需要核对现场设备"


def dispatch(stage: Stage, draw_no: str, mode: Mode) -> list[str]:
    """Tasks of a finished draw, by number."""
    with stage.session() as session:
        made = tasks.dispatch(session, stage.office, draw_no, actor="lead", mode=mode, reason=WHY)
        return [task.no for task in made]


def appoint(stage: Stage, numbers: list[str], fates: list[Fate]) -> None:
    """Put every inspection on the agenda, four a day from next week on."""
    start = stage.today + timedelta(days=7)
    for place, (no, fate) in enumerate(zip(numbers, fates, strict=True)):
        days, slot = divmod(place, len(SLOTS))
        day = start + timedelta(days=days * 7 // 5)
        stage.at(day - NOTICE_DAYS, 8.5, partial(announce, stage, no))
        stage.at(day, SLOTS[slot], partial(inspect, stage, no, fate))


def announce(stage: Stage, no: str) -> None:
    """Accept; on site: with its code, approved, announced and delivered before anybody goes (article 11)."""
    with stage.session() as session:
        task = tasks.accept(session, no, actor="inspection")
        if task.mode is not Mode.ONSITE:
            return
        codes.enter(session, no, f"ZFM-{no}", actor="inspection")
        notices.propose_visit(session, no, "年度抽查工作计划", actor="inspection")
        notices.approve_visit(session, no, actor="leader")
        notices.issue(session, stage.office, no, actor="inspection", materials=("营业执照", "有关台账"))
        notices.deliver(session, no, "直接送达", "检查对象负责人", actor="inspection")


def inspect(stage: Stage, no: str, fate: Fate) -> None:
    """One inspection as its fate will have it."""
    with stage.session() as session:
        task = tasks.find_task(session, no)
        form = forms.form_for(session, task)
    points = [str(point["no"]) for point in form["points"][: fate.points]]
    wrong = dict.fromkeys(points, "现场与要求不符")
    course = Course(("pending",) if wrong else ("no_problem",), wrong, fate.refusal, form=form)
    if fate.missing:
        seek(stage, task, course)
    elif task.mode is Mode.ONSITE:
        visit(stage, task, course)
    else:
        with stage.session() as session:
            write(session, task, course, actor="inspection")
    if not fate.missing:
        conclude(stage, no, course, fate)


def visit(stage: Stage, task: InspectionTask, course: Course) -> None:
    """Two officers go, look, write, have it signed and leave."""
    with stage.session() as session:
        arrive(session, stage.office, task, course, actor="inspection")
    stage.wait(minutes=50)
    with stage.session() as session:
        write(session, task, course, actor="inspection")
        sign(session, task, course, actor="inspection")
    stage.wait(minutes=20)
    with stage.session() as session:
        leave(session, task, actor="inspection")


def seek(stage: Stage, task: InspectionTask, course: Course) -> None:
    """Nobody is there; a second visit some days later, then the task ends (R13.7)."""
    knock(stage, task, course, 1)
    stage.at(stage.today + AGAIN, SLOTS[0], partial(seek_again, stage, task, course))


def seek_again(stage: Stage, task: InspectionTask, course: Course) -> None:
    """The second visit and its end."""
    knock(stage, task, course, 2)
    with stage.session() as session:
        records.open_record(session, task.no, forms.form_for(session, task), actor="inspection")
    conclude(stage, task.no, Course(("cannot_contact",), form=course.form), Fate(missing=True))


def knock(stage: Stage, task: InspectionTask, course: Course, n: int) -> None:
    """A visit on which nobody is found, with a photograph."""
    photograph = BytesIO()
    segno.make(f"{task.no}/{n}", micro=False).save(photograph, kind="png")
    with stage.session() as session:
        arrive(session, stage.office, task, course, actor="inspection")
        visits.nobody_found(session, task.no, actor="inspection")
        data, name = photograph.getvalue(), f"第{n}次现场照片.png"
        evidence.add(session, stage.evidence, task.no, data, name, actor="inspection")
    stage.wait(minutes=15)
    with stage.session() as session:
        leave(session, task, actor="inspection")


def conclude(stage: Stage, no: str, course: Course, fate: Fate) -> None:
    """The leader submits; a finding is followed up, everything else closed."""
    with stage.session() as session:
        leader = tasks.team_of(session, tasks.find_task(session, no))[0]
        results.submit(session, stage.office, no, course.categories, leader=leader, actor="inspection")
        publish(session, no, actor="lead")
    if course.wrong:
        stage.at(stage.today + timedelta(days=2), 10, partial(demand, stage, no, fate))
    else:
        stage.at(stage.today + timedelta(days=1), 17, partial(close, stage, no))


def demand(stage: Stage, no: str, fate: Fate) -> None:
    """责令改正 with its term (R15.2)."""
    due = stage.today + TERM
    order = Order(Disposition.RECTIFY, demand="限期整改并提交证明材料", due=due)
    with stage.session() as session:
        followup.dispose(session, stage.office, no, 1, order, actor="inspection")
    stage.at(due + timedelta(days=1), 8, partial(watch, stage))
    stage.at(due + timedelta(days=9 if fate.late else -6), 10, partial(prove, stage, no))


def prove(stage: Stage, no: str) -> None:
    """The object's proof, in time or not."""
    with stage.session() as session:
        followup.submit_proof(session, no, 1, "已按要求整改，附照片", actor="inspection")
    stage.at(stage.today + timedelta(days=2), 10, partial(recheck, stage, no))


def recheck(stage: Stage, no: str) -> None:
    """Checked by somebody else, on site where the finding was made there; made final, closed (R15.3, R15.5)."""
    with stage.session() as session:
        task = tasks.find_task(session, no)
        if task.mode is Mode.ONSITE:
            team = tasks.team_of(session, task)
            rechecks.recheck(session, stage.office, no, 1, team, actor="recheck")
        followup.check_rectification(session, stage.office, no, 1, passed=True, remark="复查合格", actor="recheck")
        results.finalise(session, no, ("corrected",), actor="inspection")
    close(stage, no)


def close(stage: Stage, no: str) -> None:
    """办结."""
    with stage.session() as session:
        followup.close(session, no, actor="inspection")
