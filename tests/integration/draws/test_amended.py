"""Draws under the rules of a plugin: least ratios, larger teams, rest after an inspection, and what the plan says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from authority import SUPERVISOR, Authority, inspectors, line_terms, objects
from fairdraw.plan import read as read_plan
from plugged import bound
from shuangsui.disclosure.transcripts import About, draw_page
from shuangsui.draws import assigning, changing, dispatching, handing, readiness, staffing, tasks, transcripts
from shuangsui.draws.changing import Seat
from shuangsui.draws.tables import Draw
from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import Seats, Terms
from shuangsui.web.rendering import render
from two_levels import frozen, municipal_draw, received, staffed

DOCUMENT = "两江新区示范〔2026〕1号"
RATIOS = {"A": "2%", "B": "3%", "C": "4%", "FLAG": "50%", "ALL": "1%"}
EVERYTHING = replace(line_terms(expert=False, ALL="100%"), team=Seats(2))
Teams = dict[str, set[str]]


def refused(act: Callable[..., object], *arguments: object, **options: object) -> tuple[str, str | None]:
    """Code and article of a refusal."""
    with pytest.raises(RuleRefused) as caught:
        act(*arguments, **options)
    return caught.value.code, caught.value.article


def sampling(percent: str) -> Terms:
    """A line within the cap of 5 % that draws class D at this ratio; of 200 objects 10 may be drawn, 50 are of D."""
    return line_terms(expert=False, **RATIOS, D=percent)


@pytest.fixture
def listed(authority: Authority) -> Authority:
    """Registries and a list, no plan yet."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12))
    authority.publish_list()
    return authority


# draw.least_percent


def test_r10_4_line_below_the_least_ratio_is_refused(listed: Authority, tmp_path: Path) -> None:
    """R10.4: the refusal cites the plugin's document and article; at the ratio itself the line is made and drawn."""
    bound(listed, tmp_path, "class_d_percent = 10")
    assert refused(listed.publish_plan, ("JX-11", sampling("9%"))) == ("under_least_percent", f"{DOCUMENT} 第四条")
    listed.publish_plan(("JX-11", sampling("10%")))
    assert listed.freeze().draft["quota"] == {"A": 1, "B": 2, "C": 2, "D": 5, "FLAG": 0, "ALL": 0}


def test_r10_4_class_without_a_stratum_is_judged_where_it_falls(listed: Authority, tmp_path: Path) -> None:
    """Without a stratum D its objects are among the others, whose ratio then counts."""
    bound(listed, tmp_path, "class_d_percent = 4")
    assert refused(listed.publish_plan, ("JX-11", line_terms(ALL="3%", FLAG="50%")))[0] == "under_least_percent"
    listed.publish_plan(("JX-11", line_terms(ALL="4%", FLAG="50%")))


def test_r10_4_rule_that_came_after_the_plan_counts_at_the_freeze(listed: Authority, tmp_path: Path) -> None:
    """The line was lawful when it was made; a draw of today is made by the rules of today."""
    listed.publish_plan(("JX-11", sampling("5%")))
    bound(listed, tmp_path, "class_d_percent = 10")
    assert refused(listed.freeze) == ("under_least_percent", f"{DOCUMENT} 第四条")


def test_r10_4_cap_is_shared_so_that_the_least_ratio_is_kept(listed: Authority, tmp_path: Path) -> None:
    """With 16 % of D 13 would be drawn where 10 may be: D keeps its 8, the others share what is left."""
    bound(listed, tmp_path, "class_d_percent = 16")
    listed.publish_plan(("JX-11", sampling("16%")))
    made = listed.freeze().draft
    assert (made["rules"]["total"], made["rules"]["strata"]["D"]["floor"], made["quota"]["D"]) == (10, 8, 8)
    assert sum(made["quota"].values()) == 10


def test_r5_4_cap_that_leaves_too_little_for_the_least_ratio_refuses(listed: Authority, tmp_path: Path) -> None:
    """22 % of D are 11 objects, and 10 may be drawn: neither rule is broken in silence."""
    bound(listed, tmp_path, "class_d_percent = 22")
    listed.publish_plan(("JX-11", sampling("22%")))
    assert refused(listed.freeze) == ("least_over_cap", "第五条")


# team.officers_for


def test_r13_1_family_with_larger_teams(listed: Authority, tmp_path: Path) -> None:
    """R13.1: two are refused with the plugin's article; three are drawn, and two of them are not enough to go."""
    bound(listed, tmp_path, 'explosives = ["JX-11"]\nclass_d_percent = 1')
    two = sampling("5%")
    assert refused(listed.publish_plan, ("JX-11", two)) == ("team_too_small", f"{DOCUMENT} 第五条")
    listed.publish_plan(("JX-11", replace(two, team=Seats(3))))
    draw = listed.draw()
    with listed.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        assert (draw.draft["teams"]["size"], len({*row.teams} - {None})) == (3, 3)
        row.teams = [*row.teams[:2], None]
        least = readiness.least_of(listed.office, draw, listed.today)
        assert refused(readiness.require_ready, session, draw, row, least=least) == ("team_below_two", "第九条")
        readiness.require_ready(session, draw, row, least=2)


def test_r13_1_other_families_keep_two(listed: Authority, tmp_path: Path) -> None:
    """The plugin names JX-01 and JX-02."""
    bound(listed, tmp_path, "class_d_percent = 1")
    listed.publish_plan(("JX-11", sampling("5%")))
    assert listed.freeze().draft["teams"]["size"] == 2


def test_r17_1_district_sends_as_many_as_its_own_rules_ask(authority: Authority, tmp_path: Path) -> None:
    """The municipality asked for two; the district that inspects has a rule of its own for the family."""
    parent = municipal_draw(authority)
    dispatching.dispatch(authority.engine, authority.office, parent.no, actor="lead")
    district = staffed(authority)
    handing.accept(district.engine, district.office, received(district), actor="lead")
    bound(district, tmp_path, 'explosives = ["JX-11"]')
    assert frozen(district).draft["teams"]["size"] == 3


# recusal.after_inspection_days


class Special:
    """An approved special inspection of objects whose people are drawn."""

    no, item_code, basis = "LX2026-0001", None, "安全生产专项检查"
    skips: tuple[str, ...] = ()

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.objects = [{"code": row["code"], "name": row["name"], "address": ""} for row in rows]


def inspected(authority: Authority, people: int, n: int = 3) -> Teams:
    """Two items of the same few objects; the first is drawn and inspected. Everybody may lead. Object → its team."""
    rows = objects(n, items="JX-02；JX-09")
    authority.take_in(objects=rows, inspectors=inspectors(people, lead="是"))
    authority.publish_list()
    authority.publish_plan(("JX-02", EVERYTHING), ("JX-09", EVERYTHING))
    draw = authority.draw(line=1)
    with authority.session() as session:
        for row in tasks.tasks_of(session, draw):
            row.settled, row.inspected_on = True, authority.today
            session.add(row)
    return teams_of(authority, draw)


def teams_of(authority: Authority, draw: Draw) -> Teams:
    """Object → certificate numbers."""
    with authority.session() as session:
        return {row.object_code: {*row.teams} - {None} for row in tasks.tasks_of(session, draw)}


def pairs(authority: Authority, draw: Draw) -> Teams:
    """Object → who is recused from it by the plan."""
    with authority.session() as session:
        named = tasks.frame(session, draw)
        found: Teams = {}
        for person, b in draw.draft["teams"]["recuse"]:
            found.setdefault(named[b].code, set()).add(person)
        return found


def test_r9_1_who_inspected_an_object_withdraws_from_it(authority: Authority, tmp_path: Path) -> None:
    """R9.1: four inspectors, teams of two: the next team of every object is exactly the other two."""
    first = inspected(authority, 4)
    everybody = {row["cert_no"] for row in inspectors(4)}
    bound(authority, tmp_path, 'rest_days = 30\nexplosives = ["JX-01"]')
    draw = authority.draw(line=2)
    assert pairs(authority, draw) == first
    assert teams_of(authority, draw) == {code: everybody - team for code, team in first.items()}


def test_r9_1_without_the_rule_nobody_withdraws(authority: Authority, tmp_path: Path) -> None:
    """0 is the product's default, and what a plugin may say too."""
    inspected(authority, 4)
    bound(authority, tmp_path, 'rest_days = 0\nexplosives = ["JX-01"]')
    assert authority.freeze(line=2).draft["teams"]["recuse"] == []


def test_r9_1_rest_ends_with_its_last_day(authority: Authority, tmp_path: Path) -> None:
    """Thirty days after the inspection the inspector still withdraws, a day later not; unsettled tasks never count."""
    first = inspected(authority, 4)
    bound(authority, tmp_path, "rest_days = 30")
    with authority.session() as session:
        found = []
        for days in (0, 30, 31):
            rules = authority.office.rules(authority.today + timedelta(days=days))
            wanted = staffing.need(Seats(2), None, "JX-09", rules)
            found.append(staffing.staff_of(session, authority.office, wanted).recused["teams"])
    assert found == [first, first, {}]


def test_r9_1_task_settled_before_days_were_kept_counts_from_its_draw(authority: Authority, tmp_path: Path) -> None:
    """Rows of an earlier version have no day; only tasks with a result are inspections."""
    inspected(authority, 4)
    bound(authority, tmp_path, "rest_days = 30")
    with authority.session() as session:
        wanted = staffing.need(Seats(2), None, "JX-09", authority.office.rules(authority.today))
        row, other, _ = tasks.tasks_of(session, changing.find(session, "2026-0001"))
        row.inspected_on, other.settled = None, False
        session.flush()
        recused = staffing.staff_of(session, authority.office, wanted).recused["teams"]
    assert (recused[row.object_code], other.object_code in recused) == ({*row.teams}, False)


def test_r9_3_replacement_respects_the_rest(authority: Authority, tmp_path: Path) -> None:
    """R9.3: five inspectors, two rest, two sit: who comes in is the fifth."""
    first = inspected(authority, 5)
    bound(authority, tmp_path, 'rest_days = 30\nexplosives = ["JX-01"]')
    draw = authority.draw(line=2)
    with authority.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        code, before = row.object_code, {*row.teams}
        changing.replace_person(session, authority.office, draw.no, Seat("teams", 0, 1), "unavailable", actor="lead")
    with authority.session() as session:
        link = authority.reveal(draw, 1)
        changing.reveal_link(session, authority.office, draw.no, SUPERVISOR, link, actor="supervisor")
        changing.finish_replacement(session, authority.office, draw.no, actor="lead")
    fifth = {row["cert_no"] for row in inspectors(5)} - before - first[code]
    assert (len(fifth), teams_of(authority, draw)[code] - before) == (1, fifth)


def test_r9_4_object_that_nobody_may_inspect_is_excluded(authority: Authority, tmp_path: Path) -> None:
    """R9.4: three inspectors, of whom two rest from every object: no team is left, and the refusal says so."""
    inspected(authority, 3)
    bound(authority, tmp_path, 'rest_days = 30\nexplosives = ["JX-01"]')
    assert refused(authority.freeze, line=2) == ("all_recused", "第九条")


def test_r9_1_draw_of_given_objects_follows_the_same_pairs(authority: Authority, tmp_path: Path) -> None:
    """A special inspection of the same objects: the same people withdraw."""
    first = inspected(authority, 4)
    bound(authority, tmp_path, "rest_days = 30")
    call, case = authority.call(), Special(objects(3))
    with authority.session() as session:
        draw = assigning.freeze_case(session, authority.office, case, call, actor="lead")
    assert pairs(authority, draw) == first


# the plan and its transcript


def published(authority: Authority, draw: Draw) -> dict[str, bytes]:
    """The files of the transcript as they are now."""
    with authority.session() as session:
        return transcripts.transcript(session, authority.office, session.merge(draw))


def test_r18_2_plan_commits_the_amended_rules_and_names_them(listed: Authority, tmp_path: Path) -> None:
    """Two draws, before and after the plugin is switched on: other digest, and its values in the published plan."""
    listed.take_in(objects=objects(200, items="JX-11；JX-14"))
    listed.publish_plan(("JX-11", sampling("5%")), ("JX-14", sampling("2%")))
    before = listed.draw(line=1)
    bound(listed, tmp_path, "class_d_percent = 1\nrest_days = 90")
    after = listed.draw(line=2)
    plans = [read_plan(published(listed, draw)["plan.json"]) for draw in (before, after)]
    rules = listed.office.rules(listed.today)
    assert plans[1]["policy"] == rules.digest() != plans[0]["policy"]
    assert "amendments" not in plans[0]["ext"]
    said: list[dict[str, Any]] = plans[1]["ext"]["amendments"]
    assert {one["key"]: (one["value"], one["basis"], one["plugin"]) for one in said} == {
        "draw.least_percent": (["D=1"], f"{DOCUMENT} 第四条", "rules-liangjiang"),
        "publication.days": (15, f"{DOCUMENT} 第三条", "rules-liangjiang"),
        "recusal.after_inspection_days": (90, f"{DOCUMENT} 第六条", "rules-liangjiang"),
        "team.officers_for": (["JX-01=3", "JX-02=3"], f"{DOCUMENT} 第五条", "rules-liangjiang"),
    }
    page = draw_page(published(listed, after), About(after.no, "", "", {}))
    shown = " ".join(render("public/draw/frozen.html", draw=page).split())
    assert f"抽查结束后公开的期限：15 工作日（{DOCUMENT} 第三条；插件 rules-liangjiang）" in shown
    with listed.session() as session:
        assert transcripts.public_view(session, session.merge(after))["amendments"] == said
