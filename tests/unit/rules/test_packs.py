"""The packs that ship: what articles 4 to 14 fix, and what a pack file may not say."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.errors import Misconfigured
from shuangsui.rules import packs
from shuangsui.rules.keys import KEYS
from shuangsui.rules.policy import FOR_EVER, Layer, Mode, Rank, RuleValue, effective
from shuangsui.tenancy.schema import Scalar
from shuangsui.texts import sentence

MEASURES = "cq-mietc-2021-6"

ARTICLES: dict[str, tuple[Scalar, Mode, str]] = {
    "list.business_confirm": (True, "locked", "第四条"),
    "list.leader_approval": (True, "locked", "第四条"),
    "item.columns": (("name", "content", "basis", "mode", "frequency", "publication"), "floor", "第五条第一款"),
    "item.classes": (("key", "general"), "locked", "第五条第一款"),
    "draw.general_cap_required": (True, "locked", "第五条第一款"),
    "item.key_uncapped": (True, "locked", "第五条第一款"),
    "registry.officer_certificate": (True, "locked", "第六条第二款"),
    "plan.due": ("03-31", "ceiling", "第七条"),
    "plan.columns": (("scope", "ratio", "frequency", "time"), "floor", "第七条"),
    "draw.random_pools": (("objects", "officers", "experts"), "floor", "第八条"),
    "team.leaders": (1, "locked", "第八条"),
    "draw.record_required": (True, "locked", "第八条"),
    "recusal.applies_to": (("officers", "experts"), "floor", "第九条"),
    "replacement.random_only": (True, "locked", "第九条"),
    "frequency.max_per_year_item_object": (1, "ceiling", "第十条第一款"),
    "draw.flagged_ratio_higher": (True, "locked", "第十条第二款"),
    "notice.contents": (("basis", "content"), "floor", "第十一条"),
    "inspection.modes": (("document", "onsite", "network", "other"), "free", "第十二条"),
    "team.min_officers": (2, "floor", "第十三条第一款"),
    "record.confirmation": (("signature", "seal"), "locked", "第十三条第二款"),
    "publication.days": (20, "ceiling", "第十四条"),
    "publication.channels": (("portal", "credit"), "floor", "第十四条"),
    "publication.testing_exempt": (True, "locked", "第十四条"),
}

DEFAULTS: dict[str, Scalar] = {
    "coordination.window_days": 30,
    "list.publish_days": 5,
    "list.unit_may_approve_own": False,
    "draw.cap_cumulative": True,
    "draw.cap_before_exclusion": True,
    "draw.general_min_one": False,
    "item.review_grace_days": 30,
    "registry.feed_warn_days": 7,
    "registry.feed_block_days": 30,
    "registry.pool_warn_days": 7,
    "registry.pool_block_days": 30,
    "plan.unplanned_requires_leader": True,
    "team.leader_by_draw": True,
    "team.leader_manual": True,
    "replacement.alert_per_quarter": 3,
    "frequency.year": "plan",
    "frequency.ledger_year": "visit",
    "visit.no_contact_visits": 2,
    "publication.clocks": ("object", "batch"),
    "publication.batch_close_days": 5,
    "publication.days_after_testing": 20,
    "publication.testing_alarm_days": 10,
    "publication.partial_before_report": False,
    "publication.decision_days": 7,
    "publication.handover_days": 10,
    "publication.target_days": 15,
    "publication.alarm_percents": (50, 75, 90),
    "publication.correction_days": 5,
    "disposition.alarm_days": 10,
    "exemption.campaign_required": True,
    "exemption.amber_percent": 30,
}
"""The table "Defaults" of the requirements."""


def said(pack: str, key: str) -> tuple[Scalar, Mode, str]:
    (found,) = [value for value in packs.installed()[pack].values if value.key == key]
    return found.value, found.mode, found.article


@pytest.mark.parametrize(("key", "expected"), ARTICLES.items(), ids=ARTICLES)
def test_measures_say_what_their_articles_fix(key: str, expected: tuple[Scalar, Mode, str]) -> None:
    """Value, floor or ceiling, article."""
    assert said(MEASURES, key) == expected


@pytest.mark.parametrize(("key", "value"), DEFAULTS.items(), ids=DEFAULTS)
def test_defaults_are_marked_as_such_and_free(key: str, value: Scalar) -> None:
    """Where the text is open the value says so and cites the requirement."""
    assert said("shuangsui-defaults", key) == (value, "free", f"默认（{KEYS[key].requirement}）")


@pytest.mark.parametrize(("key", "least"), [("draw.min_contributors", 2), ("draw.min_ceremony_digits", 20)])
def test_protocol_floors(key: str, least: int) -> None:
    """SRD-1 5.2 and 2: nobody may configure these away."""
    assert said("shuangsui-defaults", key)[:2] == (least, "floor")


NATIONAL = {
    "team.min_officers": ("floor", "《行政处罚法》第四十二条", date(2021, 7, 15)),
    "recusal.object_may_apply": ("locked", "《行政处罚法》第四十三条", date(2021, 7, 15)),
    "publication.officer_fields": ("ceiling", "《个人信息保护法》第六条", date(2021, 11, 1)),
    "publication.decision_days": ("ceiling", "国办发〔2018〕118号“加强事后公开”", date(2018, 12, 5)),
    "list.publish_limit_days": ("ceiling", "《政府信息公开条例》第二十六条", date(2019, 5, 15)),
    "item.require_published": ("locked", "国办发〔2024〕54号第二部分", date(2024, 12, 30)),
}


@pytest.mark.parametrize(("key", "expected"), NATIONAL.items(), ids=NATIONAL)
def test_national_floor_dates_each_provision(key: str, expected: tuple[Mode, str, date]) -> None:
    """One pack, several laws, each with its own day."""
    (value,) = [value for value in packs.installed()["cn-base"].values if value.key == key]
    assert (value.mode, value.article, value.valid_from) == expected


def test_r1_1_pack_states_its_origin() -> None:
    """R1.1: number, dates, parent and the repealed text."""
    header = packs.installed()[MEASURES].header
    assert (header.number, header.issued, header.valid_from, header.parent, header.repeals, header.binds) == (
        "渝经信发〔2021〕6号",
        date(2021, 1, 9),
        date(2021, 2, 9),
        "miit-2018-45",
        ("渝经信发〔2018〕55号",),
        "own",
    )


def test_r18_1_both_readings_of_the_thirty_days_are_kept() -> None:
    """R18.1, A10: 2021-02-09 is chosen, 2021-02-08 is recorded."""
    readings = packs.installed()[MEASURES].header.reading
    assert [(reading.valid_from, reading.chosen) for reading in readings] == [
        (date(2021, 2, 9), True),
        (date(2021, 2, 8), False),
    ]
    assert {value.valid_from for value in packs.installed()[MEASURES].values} == {date(2021, 2, 9)}


def test_installed_packs_come_in_the_order_of_their_ranks() -> None:
    """Product, nation, ministry, measures."""
    assert list(packs.installed()) == ["shuangsui-defaults", "cn-base", "miit-2018-45", MEASURES]


def test_every_key_has_a_value_somewhere() -> None:
    """No key of the table is without meaning."""
    given = {value.key for pack in packs.installed().values() for value in pack.values}
    assert given == set(KEYS)


def test_every_line_points_at_the_value() -> None:
    """Provenance is exact: the named line of the file holds the value."""
    for pack in packs.installed().values():
        lines = (packs.files("shuangsui").parent / pack.file).read_text(encoding="utf-8").splitlines()
        assert not [value.key for value in pack.values if not lines[(value.line or 0) - 1].startswith("value = ")]


HEADER = """\
[pack]
id = "p1"
rank = "measures"
binds = "own"
title = "测试"
issuer = "测试"
number = "测试〔2020〕1号"
issued = 2020-01-01
valid_from = 2020-02-01
basis = "测试"
source = "测试"
"""
RULE = '[[rule]]\nkey = "publication.days"\nvalue = 20\narticle = "第一条"\n'

WRONG = {
    "unknown rank": (
        HEADER.replace('"measures"', '"city"'),
        "p1.toml 第 3 行，pack.rank：只能取 product、national、ministry、order、measures。",
    ),
    "no source": (HEADER.replace('source = "测试"\n', ""), "p1.toml 第 1 行，pack.source：缺少这个键，请补上。"),
    "ends before it begins": (
        HEADER + "valid_to = 2019-01-01\n", "p1.toml 第 12 行，pack.valid_to：早于施行日期。"
    ),
    "no reading chosen": (
        HEADER + '[[pack.reading]]\narticle = "第一条"\ntext = "三十日后"\nvalid_from = 2020-02-01\n',
        "p1.toml 第 9 行，pack.valid_from：应与唯一选定的解读同一日期。",
    ),
    "unknown key": (
        HEADER + RULE.replace("publication.days", "plan.duee"),
        (
            "p1.toml 第 13 行：没有规则键 plan.duee，相近的有 plan.due、plan.remind、plan.columns；"
            "全部键见 tenants/README.md。"
        ),
    ),
    "wrong type": (HEADER + RULE.replace("20", '"20"'), "p1.toml 第 14 行，publication.days：应为 1 至 250 的整数。"),
    "key twice": (HEADER + RULE + RULE, "p1.toml 第 18 行，publication.days：与第 14 行在同一时期重复。"),
    "dates reversed": (
        HEADER + RULE + "valid_from = 2021-01-01\nvalid_to = 2020-12-31\n",
        "p1.toml 第 14 行，publication.days：valid_to 早于 valid_from。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_wrong_pack(text: str, said: str) -> None:
    """One sentence with file and line."""
    with pytest.raises(Misconfigured) as caught:
        packs.load(text.encode(), "p1.toml")
    assert sentence(caught.value) == said


def test_same_key_in_successive_periods() -> None:
    """A dated change inside one file: the old value ends the day before the new begins."""
    text = HEADER + RULE + "valid_to = 2020-12-31\n" + RULE.replace("20\n", "15\n") + "valid_from = 2021-01-01\n"
    values = packs.load(text.encode(), "p1.toml").values
    assert [(value.value, value.valid_from, value.valid_to) for value in values] == [
        (20, date(2020, 2, 1), date(2020, 12, 31)),
        (15, date(2021, 1, 1), FOR_EVER),
    ]


def test_r8_6_ceremony_can_be_joined_and_not_dropped() -> None:
    """The sources of public events: a layer below adds, whatever its own document says."""
    product = packs.installed()["shuangsui-defaults"].layer(listed=True)

    def below(*names: str) -> tuple[str, ...]:
        value = RuleValue("draw.entropy", names, "x", "x", 1, "第八条", own_basis="某文〔2026〕1号")
        return effective([product, Layer("x", Rank.LOCAL, (value,))], date(2026, 6, 15)).names("draw.entropy")

    assert (said("shuangsui-defaults", "draw.entropy")[:2], below("ceremony", "drand")) == (
        (("ceremony",), "floor"), ("ceremony", "drand"),
    )  # fmt: skip
    with pytest.raises(Misconfigured) as caught:
        below("drand")
    assert caught.value.code == "rule_loosened"
