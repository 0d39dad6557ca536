"""Written and network inspections have records of their own, by pages and their twins (article 12)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest

from authority import Authority, inspectors, line_terms, objects
from officials import Official
from shuangsui.draws.office import all_draws
from shuangsui.draws.tables import Draw
from shuangsui.inspections.states import MODES, RECORD_NAMES, Mode

ITEM = "JX-12"
"""On the sample list with all three modes."""


@pytest.fixture
def draw(authority: Authority) -> Draw:
    """A draw of the item, with its result, nothing dispatched."""

    def build() -> None:
        authority.take_in(objects=objects(40, ITEM), inspectors=inspectors(12))
        authority.publish_list()
        authority.publish_plan((ITEM, line_terms(expert=False, FLAG="10%", ALL="5%")))
        authority.draw()

    authority.once("drawn for every mode", build)
    with authority.session() as session:
        return all_draws(session)[0]


def dispatched(lead: Official, draw: Draw, mode: Mode) -> str:
    """The number of the first task, sent out by the page."""
    lead.done("/tasks/dispatch", draw=draw.no, mode=str(mode))
    return str(lead.read("/tasks")["rows"][-1]["no"])


def text(official: Official, no: str, facts: str) -> dict[str, str]:
    """The form of the record with every point in order."""
    shown = official.read(f"/tasks/{no}/record")
    answers = {f"answer-{point['no']}": "yes" for point in shown["points"]}
    return {"device": shown["device"], "revision": str(shown["revision"]), "facts": facts, **answers}


@pytest.mark.parametrize("mode", [Mode.DOCUMENT, Mode.NETWORK])
def test_r12_1_record_without_a_visit(draw: Draw, mode: Mode, enter: Callable[..., Official]) -> None:
    """R12.1: a page of its own name, written once accepted, submitted with its conclusion and no signature."""
    lead, a = enter("lead"), enter("inspection")
    no = dispatched(lead, draw, mode)
    path, name = f"/tasks/{no}/record", RECORD_NAMES[mode]
    assert (a.read(path)["writable"], "记录表还不能填写" in a.page(path).text) == (False, True)
    a.done(f"/tasks/{no}/accept")
    tables = {one["title"]: one["rows"] for one in a.read(f"/tasks/{no}")["tables"]}
    assert [row["name"] for row in tables["检查实施"]] == [name, "证据材料"]
    papers = list(dict.fromkeys(row["form"] for row in tables["打印文书"]))
    assert papers == ["approval", "notice", "review", "rectification"]
    assert a.refused(f"/tasks/{no}/visit/check-in", person=a.read(f"/tasks/{no}")["team"][0], place="厂区") == (
        409, "not_onsite", "第十二条",
    )  # fmt: skip
    page = a.page(path).text
    assert (a.read(path)["title"], f"<h1>{name} {no}</h1>" in page, "检查情况和结论</label>" in page) == (
        f"{name} {no}", True, True,
    )  # fmt: skip
    assert a.offers(f"/tasks/{no}/visit") == []
    assert a.read(f"/tasks/{no}/visit")["notes"] == [f"本任务采用{MODES[mode]}，不需要到场签到。"]
    a.done(f"{path}/save", **text(a, no, ""))
    result = {"leader": a.read(f"/tasks/{no}")["team"][0], "categories": ["no_problem"]}
    assert a.offers(path) == ["save", "submit"]
    assert a.refused(f"{path}/submit", **result) == (409, "conclusion_missing", "第十二条")
    a.done(f"{path}/save", **text(a, no, "资料齐全，未发现问题。"))
    assert a.call(f"{path}/submit", result).json()["categories"] == ["no_problem"]
    shown = a.read(path)
    assert (shown["record"]["state"], shown["record"]["signatures"]) == ("concluded", [])
    assert (shown["facts"]["检查情况和结论"], a.offers(path)) == ("资料齐全，未发现问题。", ["addendum"])
    assert a.read(f"/tasks/{no}")["state"] == "ended"


def test_r12_1_materials_of_a_written_inspection_arrive_as_evidence(draw: Draw, enter: Callable[..., Official]) -> None:
    """R11.3, R12.1: told with the notice, without any approval of a visit; what comes in stands with the record."""
    lead, a = enter("lead"), enter("inspection")
    path = f"/tasks/{dispatched(lead, draw, Mode.DOCUMENT)}"
    a.done(f"{path}/accept")
    a.done(f"{path}/notify", materials="数据分类分级目录\r\n应急预案")
    a.done(f"{path}/deliver", method="邮寄送达", to="收发室")
    assert {"no-code", "materials"} & {*a.offers(path)} == {"materials"}
    pdf = {"name": "应急预案.pdf", "data": b64encode(b"%PDF-1.4\n%test\n").decode()}
    assert a.call(f"{path}/evidence", {"file": pdf, "note": "按通知书提交"}).status_code == 200
    rows = a.read(f"{path}/evidence")["tables"][0]["rows"]
    assert [(row["name"], row["note"], row["media_type"]) for row in rows] == [
        ("应急预案.pdf", "按通知书提交", "application/pdf"),
    ]  # fmt: skip
    assert f'href="/console{path}/evidence"' in a.page(f"{path}/record").text


def test_r12_2_on_site_by_page_needs_its_reason(draw: Draw, enter: Callable[..., Official]) -> None:
    """R12.2: refused with the article where another mode would do; a mode not on the list by its name."""
    lead = enter("lead")
    assert lead.refused("/tasks/dispatch", draw=draw.no, mode="onsite") == (409, "onsite_unjustified", "第十二条")
    assert lead.refused("/tasks/dispatch", draw=draw.no, mode="other") == (422, "mode_not_of_item", None)
    told = lead.call("/tasks/dispatch", {"draw": draw.no, "mode": "other"}).json()["detail"]
    assert told == "本事项不能采用“其他方式”：清单规定的方式是书面检查、网络监测、现场检查。"
    choice = f'<option value="{draw.no}">'
    assert choice in lead.page("/tasks").text
    assert f'href="/console/tasks?draw={draw.no}"' in lead.page(f"/draws/{draw.no}").text
    led = lead.page(f"/tasks?draw={draw.no}").text
    assert ('id="dispatch" open>' in led, f'<option value="{draw.no}" selected>' in led) == (True, True)
    made = lead.call("/tasks/dispatch", {"draw": draw.no}).json()["tasks"]
    assert [lead.read(f"/tasks/{no}")["mode"] for no in made] == ["document"] * len(made)
    assert choice not in lead.page("/tasks").text
    assert 'id="dispatch" open>' not in lead.page(f"/tasks?draw={draw.no}").text
