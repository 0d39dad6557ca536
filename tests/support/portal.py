"""Every public page of one authority but those of a draw, with all that its template can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from shuangsui.contracts import Bundle
from shuangsui.disclosure import feed, opendata, views
from shuangsui.disclosure.accessibility import statement
from shuangsui.disclosure.site import Site, authorities
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import MODES
from shuangsui.rules.keys import KEYS

View = dict[str, Any]

DAY, AT = date(2026, 12, 9), "2026-12-01T03:05:00Z"
COUNTS = {"plans": 4, "results": 1, "abandoned": 1, "open": 1}
NAME = "某发〔2026〕1号"


def draws() -> list[View]:
    """One in every state."""
    states = (("committed", None, None), ("drawn", AT, None), ("abandoned", AT, "legal-order"), ("void", AT, None))
    return [
        {
            "no": f"2026-{n:04}", "title": f"某事项第 {n} 次抽取", "item": "某事项", "state": state, "n": 1200,
            "quota": 3, "at": "2026-12-01T03:00:00Z", "settled_at": settled, "reason": reason,
        }
        for n, (state, settled, reason) in enumerate(states, 1)
    ]  # fmt: skip


def results() -> list[View]:
    """Every category and every mode, one with all that can follow, one withheld, one taken down."""
    modes = list(MODES.values())
    plain = {
        "company": "某公司", "code": "91500104MALM7UH4K2", "item": "某事项", "checked_on": "2026-12-03", "team_size": 2,
        "problem": True, "rectification": None, "published_on": DAY, "draw_no": "2026-0001", "withheld": None,
        "withdrawn": None, "follows": None, "followed_by": None, "corrections": [], "details": [],
    }  # fmt: skip
    rows = [
        {**plain, "mode": modes[i % len(modes)], "categories": [name], "outcome": name}
        for i, name in enumerate(CATEGORIES.values())
    ]
    more = {
        "rectification": "限期改正", "follows": "1", "followed_by": "2", "details": ["消防通道堵塞", "没有标志"],
        "corrections": [{"on": DAY, "note": "更正名称"}],
    }  # fmt: skip
    hidden = {"item": "某事项", "published_on": DAY, "withheld": "不予公开的依据", "withdrawn": None}
    gone = {**hidden, "withheld": None, "withdrawn": {"on": DAY, "note": "处理决定被撤销"}}
    return [*rows, {**rows[1], **more}, hidden, gone]


def catalogue() -> View:
    """A key item and a general one."""
    key = {
        "code": "JX-1", "name": "某事项", "class": "key", "ground": "公共安全", "content": "内容", "basis": "依据",
        "mode": "现场检查", "ratio": "全部", "cap": None, "frequency": "每年1次", "publication": "公开",
        "office": "某处", "extra": [{"label": "备注", "text": "无"}],
    }  # fmt: skip
    return {
        "version": 3, "digest": "ab" * 32, "approver": "委领导", "approved_on": AT, "published_on": AT,
        "rows": [key, {**key, "code": "JX-2", "class": "general", "ground": None, "cap": "3%"}],
    }  # fmt: skip


def plan() -> View:
    """Lines with and without strata, batches and experts, ended and outside the plan."""
    line = {
        "no": 1, "item": "JX-1", "item_name": "某事项", "item_class": "general", "starts": "2026-01-01",
        "ends": "2026-12-31", "ratios": {"FLAG": "1/10", "A": "1/20", "其他层": "1/20"}, "districts": ["某区"],
        "industries": ["C26"], "rounds": 2, "batches": 3, "team": {"size": 2}, "experts": {"size": 1},
        "terminated": "机构改革",
    }  # fmt: skip
    plain = {**line, "no": 2, "ratios": {"ALL": "1/3"}, "districts": [], "batches": 0, "experts": None}
    view = {
        "year": 2026, "version": 2, "approved_at": AT, "reason": "增加条目", "lines": [line, plain],
        "unplanned": [{**plain, "no": 3, "unplanned": "上级部署"}],
    }  # fmt: skip
    return views.plan_page(view, [{"line": 1, "no": "2026-0001", "state": "drawn"}], {"JX-1": "现场检查"}, 3)


def rules() -> View:
    """Every key, with a value of each kind among them; texts with and without all that they may have."""
    plain = [True, False, 20, "03-31", ["name", "单位"], [50, 80], []]
    values = [
        {
            "key": key, "meaning": spec.description, "value": "某值", "plain": plain[n % len(plain)], "unit": spec.unit,
            "basis": f"{NAME} 第十条", "text": "条文" if n % 2 else None,
        }
        for n, (key, spec) in enumerate(KEYS.items())
    ]  # fmt: skip
    readings = [{"article": "第一条", "text": "自印发之日起", "valid_from": DAY, "chosen": n == 0} for n in range(2)]
    text = {
        "id": "a", "title": "某办法", "issuer": "某委", "number": NAME, "issued": DAY, "valid_from": DAY,
        "valid_to": None, "basis": "某法", "source": "全文", "parent": {"title": "上位办法", "number": NAME},
        "repeals": [NAME, NAME], "readings": readings, "advice": True,
    }  # fmt: skip
    bare = {**text, "valid_from": None, "parent": None, "repeals": [], "readings": [], "advice": False}
    return {"on": DAY, "digest": "cd" * 32, "texts": [text, bare], "values": values}


def tenure() -> list[View]:
    """All turns that the first page tells of."""
    others = [{"slug": "jia", "name": "甲局"}, {"slug": "yi", "name": "乙局"}]
    return [
        {"turn": turn, "since": DAY, "document": NAME, "others": others} for turn in ("suspend", "close", "succeed")
    ]


def bundles(site: Site) -> Iterator[Bundle]:
    """Every page full, and every page of an authority that has nothing yet."""
    quarters = [{"year": 2026, "n": n, "visits": 10, "exempt": 4, "threshold": 30, "amber": n == 4} for n in (4, 3)]
    keyed = [(str(n), row) for n, row in enumerate(results())]
    tables = [
        opendata.plans([plan()]), opendata.draws(draws(), site.root), opendata.results(keyed, site.root, site.name),
        opendata.items(catalogue()),
    ]  # fmt: skip
    row = {"slug": "moushi", "name": site.name, "draws": 1, "results": 2, "latest": AT}
    yield site.home(COUNTS, draws(), results(), {"version": 3, "count": 2, "published_on": AT}, tenure())
    yield site.items(catalogue())
    yield site.plan(plan(), [2026, 2025])
    yield site.draws(COUNTS, draws())
    yield site.results(results())
    yield site.rules(rules())
    yield site.accessibility(statement(("023-12345678", "公众号“某市经信”")))
    yield site.special(quarters, [{"year": 2026, "special": 3, "clue": 1, "instant": 0}])
    yield site.opendata(tables, feed.feed(site.slug, site.name, site.root, [], datetime(2026, 12, 9, tzinfo=UTC)))
    yield authorities(site.shell, [row, {**row, "latest": None}])
    yield from _empty(site)


def _empty(site: Site) -> Iterator[Bundle]:
    yield site.home(dict.fromkeys(COUNTS, 0), [], [], None, [])
    yield site.items(None)
    yield site.items({**catalogue(), "approver": None, "rows": []})
    yield site.plan({**plan(), "reason": None, "lines": [], "unplanned": []}, [2026])
    yield site.draws(dict.fromkeys(COUNTS, 0), [])
    yield site.results([])
    yield site.accessibility(statement(()))
    yield site.special([], [])
    yield authorities(site.shell, [])
