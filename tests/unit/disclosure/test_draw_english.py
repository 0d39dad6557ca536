"""The English page of a draw and the English verify page: no Chinese but what is official, and that marked as such."""

from __future__ import annotations

import re
from typing import Any

import pytest

from english import CHINESE, chinese_in
from shuangsui.disclosure.transcripts import About, draw_page, rule_terms, rule_text
from shuangsui.web.rendering import static_files

from .conftest import transcript
from .test_transcripts import abandoned, cut, ratio

MORE = {
    "cause": "special",
    "parent": {"origin": "example/superior", "plan_hash": "ab" * 32, "result_hash": "cd" * 32},
    "unplanned": {"reason": "群众集中反映"},
    "eligibility": {"posts": ["节能监察"], "offices": ["节能处"], "version": 2, "valid_from": "2026-01-01"},
    "amendments": [{"plugin": "rules", "key": "k", "meaning": "公开期限", "value": 15, "basis": "样例 第一条"}],
    "objections": [{"no": 1, "at": "2026-06-15T02:00:55Z", "text": "没有当众清点。"}],
    "expert_pools": [{"pool": "专家库", "day": "2026-06-15", "people": 5, "digest": "ef" * 32}],
    "registry_changes": {
        "days": 30,
        "objects": {"added": 1234, "changed": 56, "removed": 7},
        "inspectors": {"added": 1, "changed": 0, "removed": 2},
    },
    "pools": {"teams": 12, "experts": 1},
}
STAGES = {
    **{name: lambda name=name: transcript(name) for name in ("v1", "v2", "v3", "v4", "v5", "v6", "v7")},
    "before the event": lambda: cut(transcript("v1"), "EVENT"),
    "before the result": lambda: cut(transcript("v1"), "RESULT"),
    "abandoned": lambda: abandoned(transcript("v1")),
}


def english(bundle) -> str:
    return next(file.data for file in bundle.files if file.path.startswith("en/")).decode()


@pytest.mark.parametrize("more", [{}, MORE], ids=["plain", "more"])
@pytest.mark.parametrize("stage", STAGES)
def test_page_of_a_draw_says_nothing_in_chinese(site, stage: str, more: dict[str, Any]):
    """At every stage, with whatever may stand beside a draw."""
    files = STAGES[stage]()
    about = About("2026-0001", "某事项第 1 次抽取", "某事项", {})
    page = english(site.draw({**draw_page(files, about), **more}, files))
    assert chinese_in(page) == []
    assert '<span lang="zh-CN">某事项第 1 次抽取</span>' in page


def test_page_of_a_draw_leads_to_english_pages_and_to_the_files_that_stand_once(site, about):
    """Files by relative addresses, so that the tree can be moved; the commands name the folder of the files."""
    files = transcript("v5")
    page = english(site.draw(draw_page(files, about), files))
    for name in files:
        assert f'href="../../../draws/2026-0001/{name}" download' in page
    assert 'href="/moushi/en/verify/?draw=2026-0001"' in page
    assert "https://a.example/moushi/draws/2026-0001/$f" in page


def test_verify_page_says_nothing_in_chinese(site):
    """With and without draws to choose from."""
    statics = {path: file.read_bytes() for path, file in static_files().items()}
    draw = {
        "no": "2026-0001", "title": "某事项第 1 次抽取", "item": "某事项", "state": "abandoned", "n": 12, "quota": 3,
        "at": "2026-12-01T03:00:00Z", "settled_at": "2026-12-01T03:05:00Z", "reason": "event-failed",
    }  # fmt: skip
    for draws in ([], [draw]):
        page = english(site.verify(draws, statics))
        assert chinese_in(page) == []
        assert re.search(r'data-texts="/static/\w+/text/en.json" data-first="/static/\w+/text/en-first.json"', page)


@pytest.mark.parametrize("rules", [ratio("1/1"), ratio("1/3", 2, 9), {
    "mode": "total", "total": 50, "strata": {"A": {"share": 3, "floor": 0, "cap": 0}},
}])  # fmt: skip
def test_terms_of_a_rule_say_what_its_text_says(rules):
    """Part by part, each with its own number and no word."""
    terms = rule_terms(rules, "A")
    assert len(rule_text(rules, "A").split("，")) == len(terms)
    assert all(str(term["value"]) in rule_text(rules, "A") for term in terms if term["value"] is not None)
    assert not any(CHINESE.search(str(term["value"])) for term in terms)
