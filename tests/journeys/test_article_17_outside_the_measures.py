"""Article 17: a complaint is followed without a draw of objects, in sight of the public; districts may differ."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from authority import inspectors, objects
from command import ROOT, Installation, Said
from inspecting import ON_SITE, Team
from shuangsui.cli.walk import Course
from shuangsui.draws.office import find
from shuangsui.inspections import tasks
from shuangsui.planning import service as planning
from story import Story

THINGS = objects(4)
ORDER = "重庆市人民政府令第375号"


def asked(trigger: str, *codes: str, why: str = "群众反映超标用能", **evidence: str) -> tuple[str, ...]:
    """A request for a special inspection with its plan and its filing."""
    plan = {"necessity": "集中反映", "body": "检查处室", "time": "本月", "area": "渝中区", "approval": "府〔2026〕1号"}
    pairs = [(f"--{kind}", f"{name}={value}") for kind, said in (("plan", plan), ("evidence", evidence))
             for name, value in said.items()]  # fmt: skip
    words = [word for pair in pairs for word in pair]
    objects_ = [word for code in codes for word in ("--object", code)]
    about = ("--code", trigger, "--trigger", trigger.split("-", maxsplit=1)[0], "--why", why, "--item", "JX-11")
    return ("exemption", "request", *about, *objects_, *words, "--filing", "no=备1", "--filing", "at=2026-06-12")


COMPLAINT = {"number": "TS-001", "received_on": "2026-06-10", "summary": "超标用能"}
FROM_ABOVE = {"number": "JB-002", "source": "市政府", "received_on": "2026-06-10"}


@dataclass
class Told:
    """The complaint from the request to the visit; what was refused before."""

    refused: list[str]
    everybody: Said
    deployed: dict[str, Any]
    task: dict[str, Any]
    draw: dict[str, Any]
    counted: dict[str, int]


@pytest.fixture(scope="module")
def told(story: Story) -> Told:
    """Four enterprises, one of them complained about."""
    authority, code = story.authority, THINGS[0]["code"]
    authority.take_in(objects=THINGS, inspectors=inspectors(12))
    authority.publish_list()
    refused = [
        story.refused(*asked("complaint-special", code, why=" ", **COMPLAINT), by="lead"),
        story.refused(*asked("complaint-special", code, received_on="2026-06-10", summary="无"), by="lead"),
    ]
    no = story.done(*asked("complaint-special", code, **COMPLAINT), by="lead")["no"]
    refused.append(story.refused("exemption", "approve", no, by="lead"))
    story.done("exemption", "approve", no, by="leader")
    frozen = story.done("exemption", "freeze", no, "--holder", "supervision", "--minutes", 59, by="lead")
    team = _visited(story, frozen["draw"])
    with authority.session() as session:
        counted = planning.drawn_in_year(session, 2026, team.read().family)
    codes = [thing["code"] for thing in THINGS]
    everybody = story.run(*asked("superior-dragnet", *codes, **FROM_ABOVE), by="lead")
    deployed = story.done(*asked("superior-dragnet", *codes, **FROM_ABOVE, deployment="渝府发〔2026〕3号"), by="lead")
    view = story.done("task", "show", team.no, by="inspection")
    return Told(refused, everybody, deployed, view, story.done("draw", "show", frozen["draw"]), dict(counted))


def _visited(story: Story, no: str) -> Team:
    """The people are drawn, the visit takes place."""
    authority = story.authority
    with authority.session() as session:
        draw = find(session, no)
    authority.finish(draw)
    with authority.session() as session:
        (task,) = tasks.dispatch(session, authority.office, no, actor="lead", **ON_SITE)
    return Team(authority, task.no, Course()).whole()


def test_r17_2_complaint_needs_no_draw_of_objects_and_is_never_called_random(told: Told) -> None:
    """R17.2: its type is special; the counter of article 10 is as it was; only the people were drawn."""
    assert (told.task["type"], told.task["state"], told.counted) == ("special", "ended", {})
    assert (told.draw["cause"], told.draw["snapshot"]["n"], told.draw["pools"]["teams"]) == ("special", 1, 12)


def test_r17_2_without_trigger_or_evidence_there_is_no_case(told: Told) -> None:
    """R17.2: an empty text, no number of the complaint; nor does the office approve its own request."""
    assert told.refused == ["exemption_trigger_empty", "exemption_evidence_missing", "not_allowed"]


def test_r17_3_indicator_is_amber_in_public(story: Story, told: Told) -> None:
    """R17.3: one visit of the quarter, and it was outside the draw: above the 30 %; no enterprise is named."""
    assert told.task["visits"] != []
    story.done("disclosure", "publish", by="lead")
    text = (story.at.var / "public/chongqing/special/index.json").read_text("utf-8")
    assert json.loads(text)["quarters"] == [
        {"year": 2026, "n": 2, "visits": 1, "exempt": 1, "threshold": 30, "amber": True}
    ]
    assert THINGS[0]["code"] not in text


def test_r17_4_nobody_sweeps_a_whole_registry_without_a_deployment_from_above(told: Told) -> None:
    """R17.4: blocked with article 27 of the municipal order; with the superior's document the case is taken."""
    head, _, rest = told.everybody.err.partition("：")
    assert (told.everybody.status, head) == (1, "未办理 exemption_full_coverage")
    assert f"依据：{ORDER} 第二十七条" in rest
    assert (told.deployed["state"], len(told.deployed["objects"])) == ("requested", len(THINGS))


def test_r17_5_visit_is_in_the_ledger_of_the_enterprise(story: Story, told: Told) -> None:
    """R17.5: with its type and the class of its trigger."""
    visits = story.done("plan", "visits", told.task["object_code"], "--year", 2026)
    assert [(one["on"], one["type"], one["trigger"]) for one in visits] == [("2026-06-15", "special", "complaint")]


@pytest.fixture
def district(tmp_path: Path) -> Callable[..., Said]:
    """``config explain`` in a district that writes one rule of its own."""

    def explain(key: str, value: int, more: str = "") -> Said:
        tree = tmp_path / "tenants"
        shutil.copytree(ROOT / "tenants", tree, dirs_exist_ok=True)
        rule = f'[[rule]]\nkey = "{key}"\nvalue = {value}\narticle = "第九条"\n{more}\n'
        (tree / "chongqing/districts/yuzhong/rules.toml").write_text(rule, "utf-8")
        at = Installation(tmp_path / "var", tree)
        return at.run("config", "explain", "--tenant", "yuzhong", key, "--on", "2026-06-15", "--json")

    return explain


OWN = 'own_basis = "渝中经信发〔2026〕3号"'


def test_r17_1_district_publishes_within_fifteen_days(district: Callable[..., Said]) -> None:
    """R17.1: stricter needs no document."""
    assert district("publication.days", 15).json["value"] == 15


def test_r17_1_district_takes_longer_only_on_a_document_of_its_own(district: Callable[..., Said]) -> None:
    """R17.1: the measures do not bind it, so 25 days are accepted with the number of its own document."""
    said = district("publication.days", 25)
    assert (said.status, said.out) == (2, "")
    assert (district("publication.days", 25, OWN).json["basis"]) == "渝中经信发〔2026〕3号 第九条"


def test_r17_1_no_document_of_a_district_sends_one_officer(district: Callable[..., Said]) -> None:
    """R17.1: national rules and the municipal order stay a floor."""
    said = district("team.min_officers", 1, OWN)
    assert (said.status, said.err.split("：")[0]) == (2, "未办理 rule_loosened")
