"""Article 11: whoever must help with an inspection is told on what basis, about what, by whom, and what to prepare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from inspecting import Team
from story import Story

MATERIALS = ("--material", "营业执照", "--material", "设备台账")


@dataclass
class Told:
    """Two tasks: one announced, one not; the codes of what was refused on the way."""

    announced: dict[str, Any]
    unannounced: dict[str, Any]
    refused: list[str]
    people: list[str]


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """From acceptance to delivery, with every shortcut tried first."""
    first, second, *_ = drawn.dispatched()
    refused = [*_announced(drawn, first), *_unannounced(drawn, second)]
    views = [drawn.done("task", "show", team.no, by="inspection") for team in (first, second)]
    return Told(*views, refused, first.people())


def _announced(drawn: Story, team: Team) -> list[str]:
    """Approved by the leadership, notified, delivered, a second list with its reason."""
    no = team.no
    drawn.done("task", "accept", no, by="inspection")
    arrival = ("visit", "check-in", no, "--person", team.people()[0], "--place", "厂区大门")
    refused = [drawn.refused("task", "notify", no, by="inspection")]
    drawn.done("task", "propose", no, "--reason", "年度抽查工作计划", by="inspection")
    refused += [drawn.refused("task", "notify", no, by="inspection"), drawn.refused(*arrival, by="inspection")]
    refused.append(drawn.refused("task", "approve", no, by="inspection"))
    drawn.done("task", "approve", no, by="leader")
    drawn.done("task", "notify", no, *MATERIALS, by="inspection")
    drawn.done("task", "deliver", no, "--method", "直接送达", "--to", "厂长", by="inspection")
    more = ("task", "materials", no, "--material", "检修记录")
    refused.append(drawn.refused(*more, by="inspection"))
    drawn.done(*more, "--reason", "台账缺页", by="inspection")
    return refused


def _unannounced(drawn: Story, team: Team) -> list[str]:
    """Urgent, hence approved later; without notice beforehand only on a ground."""
    drawn.done("task", "accept", team.no, by="inspection")
    drawn.done("task", "propose", team.no, "--reason", "可能转移设备", "--urgent", by="inspection")
    issue = ("task", "notify", team.no, "--unannounced")
    refused = [drawn.refused(*issue, by="inspection")]
    drawn.done(*issue, "--ground", "预先告知将影响检查效果", by="inspection")
    return refused


def test_r11_1_notice_tells_basis_content_people_rights_frequency_and_discipline(told: Told) -> None:
    """R11.1: the officers by certificate, the leader first; delivered to somebody."""
    notice = told.announced["notice"]
    content = notice["content"]
    assert "节约能源法" in content["basis"]
    assert content["content"].startswith("是否使用国家明令淘汰的用能设备")
    assert [(one["certificate"], one["leader"]) for one in content["officers"]] == [
        (told.people[0], True),
        (told.people[1], False),
    ]
    assert [word for word in ("陈述", "申辩", "回避") if word not in "".join(content["rights"])] == []
    assert (content["times_this_year"], bool(content["discipline"])) == (1, True)
    assert (notice["method"], notice["received_by"], notice["delivered_at"] is not None) == ("直接送达", "厂长", True)


def test_r11_1_nobody_goes_unapproved_or_unnotified(told: Told) -> None:
    """R11.1: neither before the approval was asked for nor given, nor by who asked."""
    assert told.refused[:4] == ["visit_unapproved", "visit_unapproved", "notice_missing", "not_allowed"]


def test_r11_2_unannounced_visit_has_its_ground(told: Told) -> None:
    """R11.2: refused without; with it the notice is there and still to be served on arrival."""
    notice = told.unannounced["notice"]
    assert told.refused[5] == "unannounced_ground"
    assert (notice["unannounced"], notice["ground"]) == (True, "预先告知将影响检查效果")
    assert notice["delivered_at"] is None


def test_r11_3_materials_are_asked_for_once(told: Told) -> None:
    """R11.3: the second list was refused without its reason, and stands with it."""
    assert told.refused[4] == "materials_given"
    assert [(row["materials"], row["reason"]) for row in told.announced["materials"]] == [
        (["营业执照", "设备台账"], ""),
        (["检修记录"], "台账缺页"),
    ]
