"""What stands beside a draw: the eligibility rule (R6.3) and the registry's changes (R6.5)."""

from __future__ import annotations

from hashlib import sha256

import pytest

from authority import Authority, experts, inspectors, line_terms, objects
from fairdraw.canonical import canon
from shuangsui.draws import assigning, eligibility, surroundings
from shuangsui.draws.tables import Cause
from shuangsui.errors import BadInput, NotAllowed, RuleRefused
from shuangsui.planning import service as planning


class Case:
    """An approved special inspection as planning hands it over."""

    no = "LX2026-0001"
    item_code = None
    basis = "安全生产专项检查"

    def __init__(self, skips: list[str]) -> None:
        self.skips = skips
        self.objects = [{"code": row["code"], "name": row["name"], "address": ""} for row in objects(5)]


def posted(authority: Authority) -> None:
    """Twelve inspectors at three posts, two of four leading at each."""
    rows = [row | {"post": ("执法岗", "业务岗", "综合岗")[i // 4]} for i, row in enumerate(inspectors(12))]
    authority.take_in(objects=objects(200), inspectors=rows, experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))


def test_r6_3_pool_is_the_rule_s_result_and_the_rule_stands_in_the_plan(authority: Authority) -> None:
    """R6.3: family → posts; the newest version that has begun; digest over the rule."""
    posted(authority)
    with authority.session() as session:
        for posts in (["业务岗"], ["执法岗", "综合岗"]):
            eligibility.set_rule(session, "JX-11", posts=posts, valid_from=authority.today, actor="lead")
    plan = authority.freeze().draft
    said = plan["ext"]["eligibility"]
    rule = {name: value for name, value in said.items() if name != "digest"}
    assert [p["id"] for p in plan["teams"]["people"]] == [f"ZF{i:04d}" for i in (0, 1, 2, 3, 8, 9, 10, 11)]
    assert (said["version"], said["posts"]) == (2, ["执法岗", "综合岗"])
    assert said["digest"] == sha256(canon(rule)).hexdigest()


def test_r6_3_later_rule_changes_nothing_for_a_frozen_draw(authority: Authority) -> None:
    """R6.3: the draft keeps what it was frozen with; without a rule everybody takes part and nothing is stated."""
    posted(authority)
    draw = authority.freeze()
    with authority.session() as session:
        eligibility.set_rule(session, "JX-11", posts=["业务岗"], valid_from=authority.today, actor="lead")
    committed = authority.commit(draw)
    assert len(committed.draft["teams"]["people"]) == 12
    assert {"eligibility", "unplanned"}.isdisjoint(committed.draft["ext"])


def test_r6_3_empty_rule_and_wrong_hands_are_refused(authority: Authority) -> None:
    """Only the lead office sets rules, and a rule says something."""
    with authority.session() as session:
        with pytest.raises(BadInput) as empty:
            eligibility.set_rule(session, "JX-11", valid_from=authority.today, actor="lead")
        with pytest.raises(NotAllowed):
            eligibility.set_rule(session, "JX-11", posts=["执法岗"], valid_from=authority.today, actor="inspection")
    assert empty.value.code == "eligibility_empty"


def test_r6_5_object_removed_an_hour_before_the_draw_is_visible(ready: Authority) -> None:
    """R6.5: counted beside the draw, and inside: who, when, from what, source."""
    gone = objects(200)[-1]
    ready.take_in(objects=objects(199))
    ready.wait(hours=1)
    draw = ready.freeze()
    counts = draw.draft["ext"]["registry_changes"]
    with ready.session() as session:
        removed = [past for past in surroundings.changes(session, draw.no, actor="lead") if past.change == "removed"]
        with pytest.raises(NotAllowed):
            list(surroundings.changes(session, draw.no, actor="nobody"))
    assert counts == {
        "days": 30,
        "objects": {"added": 200, "changed": 0, "removed": 1},
        "inspectors": {"added": 12, "changed": 0, "removed": 0},
    }
    assert [(p.key, p.actor, p.source, p.before["name"], p.after) for p in removed] == [
        (gone["code"], "lead", "objects.csv", gone["name"], None)
    ]


def test_r7_5_unplanned_batch_is_marked_in_the_plan(ready: Authority) -> None:
    """R7.5: the reason stands in the transcript; a planned line has no such mark."""
    with ready.session() as session:
        line = planning.published_line(session, ready.today.year, 1)
        line.unplanned_reason = "上级临时部署"
        session.add(line)
    assert ready.freeze().draft["ext"]["unplanned"] == {"reason": "上级临时部署"}


def test_r2_1_people_for_a_special_inspection_are_drawn_but_it_is_not_random(authority: Authority) -> None:
    """R2.1, R17.2: given objects, own K, people at random; the cause says what it is."""
    authority.take_in(inspectors=inspectors(12))
    call = authority.call()
    with authority.session() as session:
        draw = assigning.freeze_case(session, authority.office, Case(["object_draw"]), call, actor="lead")
    drawn = authority.finish(draw)
    assert (drawn.cause, drawn.cause_key, drawn.item_name) == (Cause.SPECIAL, "special/LX2026-0001", "安全生产专项检查")
    assert drawn.draft["quota"] == {"ALL": 5}


def test_r17_2_exemption_that_skips_the_inspector_draw_has_none(authority: Authority) -> None:
    """R17.2: an approved team is not drawn."""
    call = authority.call()
    with authority.session() as session, pytest.raises(RuleRefused) as caught:
        assigning.freeze_case(session, authority.office, Case(["inspector_draw"]), call, actor="lead")
    assert caught.value.code == "people_not_drawn"
