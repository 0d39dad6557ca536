"""Outside the draw and beside the plan, by commands: special inspections, unplanned batches, overrides, caps."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from command import Installation, Said

from .conftest import T

LEAD, LEADER = ("--as", "lead"), ("--as", "leader")


@pytest.fixture(scope="module")
def objects(planned: Installation) -> list[str]:
    """Codes of objects of JX-11, in the order of the registry's file."""
    with (planned.var / "sample" / "objects.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    code, items = (next(name for name in rows[0] if name in names) for names in (CODE, ITEMS))
    return [row[code] for row in rows if "JX-11" in row[items]]


CODE = ("code", "统一社会信用代码", "检查对象代码")
ITEMS = ("items", "事项编号", "对应事项")


def ask(installed: Installation, code: str, **changes: Any) -> Said:
    """A request of the lead office for a special inspection after a complaint; ``changes`` replace options."""
    options: dict[str, Any] = {
        "code": "complaint-special", "trigger": "complaint", "why": "群众反映超标用能", "object": [code],
        "item": "JX-11", "evidence": ["number=TS-001", "received_on=2026-06-01", "summary=超标用能"],
        "plan": ["necessity=集中反映", "body=检查处室", "time=本月", "area=本区", "approval=府〔2026〕1号"],
        "filing": ["no=备1", "at=2026-06-02"],
    } | changes  # fmt: skip
    words = [
        part
        for name, value in options.items()
        for each in (value if isinstance(value, list) else [value])
        for part in (f"--{name}", each)
    ]
    return installed.run("exemption", "request", *T, *LEAD, *words, "--json")


def test_r17_2_refused_request_cites_its_article_and_leaves_no_case(planned: Installation, objects: list[str]) -> None:
    """R17.2: without the evidence number; the command's exit status is that of a rule."""
    said = ask(planned, objects[0], evidence=["received_on=2026-06-01", "summary=超标用能"])
    assert (said.status, said.err.startswith("未办理 exemption_evidence_missing")) == (1, True)
    assert "依据：渝经信发〔2021〕6号 第十七条" in said.err
    assert planned.done("exemption", "list", *T, "--json").json == []


def test_r17_4_approved_case_is_listed_and_counted_in_public(planned: Installation, objects: list[str]) -> None:
    """R17.4: asked by one, approved by another; the page for the public has its number and no enterprise."""
    no = ask(planned, objects[0]).json["no"]
    assert planned.run("exemption", "approve", no, *T, *LEAD).status == 1
    planned.done("exemption", "approve", no, *T, *LEADER)
    shown = planned.done("exemption", "show", no, *T, "--json").json
    assert (shown["state"], shown["evidence_no"], shown["objects"][0]["code"]) == ("approved", "TS-001", objects[0])
    page = (planned.var / "public" / "chongqing" / "special" / "index.json").read_text("utf-8")
    assert [(one["special"], one["clue"]) for one in json.loads(page)["cases"]] == [(1, 0)]
    assert objects[0] not in page


def test_r17_3_indicator_without_visits_is_not_amber(planned: Installation) -> None:
    """R17.3: a quarter in which nobody was visited; one that is none is refused."""
    facts = planned.done("exemption", "indicator", *T, "--quarter", "2021-1", "--json").json
    assert facts == {"year": 2021, "quarter": 1, "visits": 0, "exempt": 0, "threshold": 30, "amber": False}
    assert planned.run("exemption", "indicator", *T, "--quarter", "2021-5").status == 2


def test_unregistered_object_and_loose_words_are_refused(planned: Installation, objects: list[str]) -> None:
    """Bad input, exit status 2."""
    assert "object_unregistered" in ask(planned, "没有").err
    said = ask(planned, objects[0], plan=["area"])
    assert (said.status, said.err.startswith("未办理 pair_invalid")) == (2, True)


def test_r7_5_unplanned_batch_by_commands(planned: Installation, this_year: int) -> None:
    """R7.5: proposed, approved by the leader, listed beside the plan."""
    year = ("--year", this_year)
    line = ("--ratio", "ALL=1%", "--ratio", "FLAG=2%", "--from", f"{this_year}-01-01", "--to", f"{this_year}-12-31")
    asked = ("plan", "unplanned", "propose", *T, *LEAD, *year, "--item", "JX-14", *line, "--reason", "上级临时部署")
    assert planned.done(*asked, "--json").json["state"] == "proposed"
    assert planned.done("plan", "unplanned", "approve", 1, *T, *LEADER, *year, "--json").json["line_no"] == 2
    plan = planned.done("plan", "show", *T, *year, "--json").json
    assert [(one["no"], one["unplanned"]) for one in plan["unplanned"]] == [(2, "上级临时部署")]
    page = json.loads((planned.var / "public/chongqing/plans" / str(this_year) / "index.json").read_text("utf-8"))
    assert ([one["no"] for one in page["plan"]["unplanned"]], page["plan"]["overrides"]) == ([2], 0)
    planned.done(*asked)
    planned.done("plan", "unplanned", "refuse", 2, *T, *LEADER, *year, "--reason", "纳入明年计划")
    listed = planned.done("plan", "unplanned", "list", *T, *year, "--json").json
    assert [one["state"] for one in listed] == ["approved", "refused"]


def test_r10_6_override_of_an_object_not_drawn_is_refused_by_commands(
    planned: Installation, objects: list[str], this_year: int
) -> None:
    """R10.6: nothing was drawn, so nothing is to be overridden; the list is empty."""
    year = ("--year", this_year)
    family = ("--family", "JX-11", "--object", objects[0], "--reason", "集中反映")
    said = planned.run("plan", "override", "propose", *T, *LEAD, *year, *family)
    assert (said.status, said.err.startswith("未办理 override_needless")) == (1, True)
    assert planned.done("plan", "override", "list", *T, *year, "--json").json == []


def test_caps_and_visits_by_commands(planned: Installation, objects: list[str], this_year: int) -> None:
    """No cap is published yet, and nobody has been visited."""
    assert planned.done("plan", "caps", *T, "--json").json == []
    assert planned.done("plan", "visits", objects[0], *T, "--year", this_year, "--json").json == []


def test_r5_7_basis_and_review_by_commands(planned: Installation) -> None:
    """R5.7: marked as amended, the items wait for their review; reviewed, they do not."""
    items = planned.done("catalogue", "show", *T, "--json").json["items"]
    law = next(one["basis"] for one in items if one["code"] == "JX-11")
    planned.done("catalogue", "basis", law, *T, *LEAD, "--amended-on", "2026-03-01")
    waiting = planned.done("catalogue", "reviews", *T, "--json").json
    assert [(one["item"], one["due"]) for one in waiting if one["item"] == "JX-11"] == [("JX-11", "2026-03-31")]
    for one in waiting:
        planned.done("catalogue", "review", one["item"], law, *T, *LEAD, "--outcome", "保持不变")
    assert planned.done("catalogue", "reviews", *T, "--json").json == []


def test_r7_4_line_is_terminated_by_commands(planned: Installation, this_year: int) -> None:
    """R7.4: in a new version, with the reason, shown in public once that version is."""
    year = ("--year", this_year)
    planned.done("plan", "new", *T, *LEAD, *year, "--reason", "职能划转")
    planned.done("plan", "terminate", 1, *T, *LEAD, *year, "--reason", "职能划转")
    for act, user in (("submit", LEAD), ("approve", LEADER), ("publish", LEAD)):
        planned.done("plan", act, *T, *user, *year)
    page = json.loads((planned.var / "public/chongqing/plans" / str(this_year) / "index.json").read_text("utf-8"))
    assert [one["ended"] for one in page["plan"]["lines"]] == ["职能划转"]
    assert "已终止：职能划转" in planned.done("plan", "show", *T, *year).out
