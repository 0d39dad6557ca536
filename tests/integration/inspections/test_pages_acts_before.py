"""What goes before a visit, by pages and their twins: one visit for two tasks, materials, codes, the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team, two_tasks_on_one_object
from officials import Official
from shuangsui.inspections import notices, tasks
from shuangsui.inspections.tables import CodeFiling, InspectionTask, MaterialsList, MergeProposal

ORDER = "重庆市人民政府令第375号 第十八条"
WHY = "正在发生泄漏，系统停机"


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def pairs(authority: Authority) -> list[list[str]]:
    """Numbers of the two tasks on each object."""
    authority.once("two tasks on one object", lambda: two_tasks_on_one_object(authority))
    found: dict[str, list[str]] = {}
    with authority.session() as session:
        for task in tasks.all_tasks(session):
            found.setdefault(task.object_code, []).append(task.no)
    return list(found.values())


def days(authority: Authority, *numbers: str) -> list[str]:
    """The days of the visits of these tasks."""
    with authority.session() as session:
        query = select(InspectionTask.planned_on).where(col(InspectionTask.no).in_(numbers))
        return [str(day) for day in session.exec(query.order_by(col(InspectionTask.no)))]


def test_r3_2_two_tasks_become_one_visit(authority: Authority, enter: Callable[..., Official]) -> None:
    """R3.2: proposed when the day is set, decided once by the lead office; both pages then name each other."""
    first, second = pairs(authority)[0]
    a, lead = enter("inspection"), enter("lead")
    a.done(f"/tasks/{first}/plan", on="2026-06-18")
    assert a.call(f"/tasks/{second}/plan", {"on": "2026-06-22"}).json() == {"merges": [[first, second]]}
    page = lead.page(f"/tasks/{first}").text
    item = lead.read(f"/tasks/{second}")["item_name"]
    assert f'<option value="{second}">{second} {item}（检查日期 2026-06-22）</option>' in page
    assert ("merge" in a.offers(f"/tasks/{first}"), "merge" in lead.offers(f"/tasks/{first}")) == (False, True)
    assert a.form(f"/tasks/{first}/merge", other=second, merged="yes").status_code == 403
    assert lead.refused(f"/tasks/{first}/merge", other=second, reason=" ") == (422, "merge_reason", None)
    assert days(authority, first, second) == ["2026-06-18", "2026-06-22"]
    lead.done(f"/tasks/{first}/merge", other=second, merged="yes")
    assert days(authority, first, second) == ["2026-06-18", "2026-06-18"]
    for no, other in ((first, second), (second, first)):
        shown = a.read(f"/tasks/{no}")
        assert (shown["same_visit"], shown["facts"]["同一次检查的任务"], shown["merges"]) == ([other], [other], [])
        assert f'<a href="/console/tasks/{other}">{other}</a>' in a.page(f"/tasks/{no}").text
    assert lead.refused(f"/tasks/{second}/merge", other=first, merged=True) == (409, "merge_decided", "第三条")
    a.done(f"/tasks/{second}/plan", on="2026-06-23")
    assert days(authority, first, second) == ["2026-06-23", "2026-06-23"]


def test_r3_2_two_visits_stay_apart_with_a_reason(authority: Authority, enter: Callable[..., Official]) -> None:
    """R3.2: the decision not to merge is on both pages, with its reason."""
    first, second = pairs(authority)[1]
    lead = enter("lead")
    enter("inspection").done(f"/tasks/{first}/plan", on="2026-06-18")
    answer = lead.call(f"/tasks/{second}/merge", {"other": first, "reason": "两项检查的时段不同"})
    assert answer.status_code == 200, answer.text
    shown = lead.read(f"/tasks/{first}")
    table = next(one["rows"] for one in shown["tables"] if one["title"] == "是否合并检查的决定")
    assert [(row["other"], row["outcome"], row["reason"], row["decided_by"]) for row in table] == [
        (second, "分别检查", "两项检查的时段不同", "lead"),
    ]  # fmt: skip
    with authority.session() as session:
        assert session.exec(select(MergeProposal.merged)).all() == [False]
    assert (shown["same_visit"], days(authority, second)) == ([], ["None"])


def test_r11_3_materials_are_told_once(one: Team, enter: Callable[..., Official]) -> None:
    """R11.3: with the notice or after it; once more only with a reason; how the notice arrived is kept once."""
    one.accept()
    one.act(notices.propose_visit, "年度抽查工作计划", urgent=True)
    a, path = enter("inspection"), f"/tasks/{one.no}"
    assert a.refused(f"{path}/materials", materials=["营业执照"]) == (409, "notice_missing", "第十一条")
    a.done(f"{path}/notify", materials="营业执照\r\n设备台账")
    assert a.refused(f"{path}/materials", materials=["能源审计报告"]) == (409, "materials_given", "第十一条")
    assert a.form(f"{path}/materials", materials=" ", reason="缺页").status_code == 422
    more = a.call(f"{path}/materials", {"materials": ["能源审计报告"], "reason": "台账缺页，须核对"})
    assert (more.status_code, more.json()) == (200, {"n": 2})
    notes = ["第 1 次告知准备的材料：营业执照、设备台账", "第 2 次告知准备的材料：能源审计报告"]
    assert (a.read(path)["notes"], [one in a.page(path).text for one in notes]) == (notes, [True, True])
    with one.authority.session() as session:
        rows = session.exec(select(MaterialsList).order_by(col(MaterialsList.n))).all()
        assert [(row.n, row.materials, row.reason, row.by) for row in rows] == [
            (1, ["营业执照", "设备台账"], "", "inspection"),
            (2, ["能源审计报告"], "台账缺页，须核对", "inspection"),
        ]
    assert a.refused(f"{path}/deliver", method="直接送达", to=" ") == (422, "delivery_incomplete", None)
    a.done(f"{path}/deliver", method="直接送达", to="办公室主任")
    assert a.refused(f"{path}/deliver", method="邮寄送达", to="门卫") == (409, "notice_delivered", "第十一条")
    assert a.read(path)["facts"]["通知书"].endswith("（直接送达，办公室主任 接收）")


def test_r11_2_unannounced_visit_by_page(one: Team, enter: Callable[..., Official]) -> None:
    """R11.2: refused without its ground by page and twin; with it the page says so."""
    one.accept()
    one.act(notices.propose_visit, "举报线索", urgent=True)
    a, path = enter("inspection"), f"/tasks/{one.no}"
    assert a.refused(f"{path}/notify", unannounced=True) == (409, "unannounced_ground", "第十一条")
    assert a.call(f"{path}/notify", {"unannounced": True, "ground": "预先告知将影响检查效果"}).status_code == 200
    assert a.read(path)["notes"] == ["不预先告知的理由：预先告知将影响检查效果"]


def test_r17_4_visit_without_a_code(one: Team, enter: Callable[..., Official]) -> None:
    """R17.4: nobody checks in without one; gone without for a reason, the report is kept once and shown."""
    one.accept()
    one.act(notices.propose_visit, "计划", urgent=True)
    one.decide(notices.issue, actor="inspection")
    a, path, people = enter("inspection"), f"/tasks/{one.no}", one.people()
    arrival = {"person": people[0], "place": "厂区大门"}
    assert a.refused(f"{path}/visit/check-in", **arrival) == (409, "code_missing", ORDER)
    assert a.refused(f"{path}/no-code", reason=" ") == (422, "reason_missing", None)
    a.done(f"{path}/no-code", reason=WHY)
    assert a.read(path)["facts"]["无码检查备案"] == f"{WHY}；备案期限 自检查之日起算"
    assert a.refused(f"{path}/no-code", reason=WHY) == (409, "code_declared", None)
    a.done(f"{path}/visit/check-in", **arrival)
    a.done(f"{path}/visit/check-in", person=people[1], place="厂区大门")
    assert "file-code" in a.offers(path)
    assert a.read(path)["facts"]["无码检查备案"] == f"{WHY}；备案期限 2026-06-18"
    assert a.call(f"{path}/file-code", {"number": "备2026-9"}).json() == {"due": "2026-06-18"}
    assert a.refused(f"{path}/file-code", number="备2026-10") == (409, "code_filed", ORDER)
    assert (a.read(path)["facts"]["无码检查备案"], "file-code" in a.offers(path)) == (
        f"{WHY}；备案编号 备2026-9",
        False,
    )
    with one.authority.session() as session:
        assert [(row.number, row.filed_by) for row in session.exec(select(CodeFiling))] == [("备2026-9", "inspection")]


def test_r17_4_code_is_entered_once(one: Team, enter: Callable[..., Official]) -> None:
    """R17.4: by the twin; another one is refused, and the page no longer asks."""
    one.accept()
    a, path = enter("inspection"), f"/tasks/{one.no}"
    assert a.call(f"{path}/code", {"code": "ZFM-001"}).status_code == 200
    assert a.refused(f"{path}/code", code="ZFM-002") == (409, "code_given", None)
    assert (a.read(path)["facts"]["执法码"], one.read().code) == ("ZFM-001", "ZFM-001")
    assert {"code", "no-code"} & {*a.offers(path)} == set()


def test_task_is_handed_back_and_sent_out_by_twins(one: Team, enter: Callable[..., Official]) -> None:
    """The reason is asked for and shown; who received it does not send it out; accepted, it takes another way."""
    a, lead, path = enter("inspection"), enter("lead"), f"/tasks/{one.no}"
    assert a.refused(f"{path}/hand-back", reason=" ") == (422, "reason_missing", None)
    assert a.call(f"{path}/hand-back", {"reason": "不在本处室职责范围"}).status_code == 200
    shown = lead.read(path)
    assert (shown["state"], shown["facts"]["退回或取消的理由"]) == ("handed_back", "不在本处室职责范围")
    assert ("again" in lead.offers(path), "accept" in a.offers(path)) == (True, False)
    assert a.read(f"{path}/record")["notes"] == ["任务已退回，不填写检查记录。"]
    assert a.refused(f"{path}/accept") == (409, "task_state", None)
    assert a.call(f"{path}/again").status_code == 403
    assert lead.call(f"{path}/again").status_code == 200
    a.done(f"{path}/accept")
    assert one.read().state == "accepted"
    assert lead.refused(f"{path}/again") == (409, "task_state", None)


def test_acts_of_a_visit_are_not_offered_before_its_notice(one: Team, enter: Callable[..., Official]) -> None:
    """Nothing to press on the page of the visits, and a way back to the task and on to the record."""
    one.accept()
    a, path = enter("inspection"), f"/tasks/{one.no}/visit"
    assert a.offers(path) == []
    links: Mapping[str, bool] = {
        part: f'href="/console/tasks/{one.no}{part}"' in a.page(path).text for part in ("", "/record", "/evidence")
    }
    assert links == {"": True, "/record": True, "/evidence": True}
