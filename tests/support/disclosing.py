"""Things that are disclosed, as many as wanted, the same for the same number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from shuangsui.disclosed import (
    Action,
    Authority,
    Content,
    DecisionContent,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    ResultContent,
    RoundContent,
)
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.registry.uscc import org_check_char, uscc_check_char

DAY = date(2026, 11, 20)
CODE = "11500000MB17643950"
AUTHORITY = Authority("moushi", "某市经济和信息化委员会", CODE, "500000")
SUPERVISION = {"supervision": "50012345678901", "supervision-checklist": f"{CODE}2A0001"}
ITEM = DisclosedItem("JX-1", "民用爆炸物品销售检查", "《民用爆炸物品安全管理条例》", SUPERVISION)
OFFICERS = (DisclosedOfficer("张检查", "5000260001"), DisclosedOfficer("李检查", "5000260002"))


def uscc(number: int) -> str:
    """A valid code of a firm that does not exist."""
    body = f"MA{number:06d}"
    first = f"91500000{body}{org_check_char(body)}"
    return first + uscc_check_char(first)


def of_object(number: int) -> DisclosedObject:
    """Every seventh is a sole owner's."""
    sole, area = number % 7 == 0, ("500103", "500108", "500157")[number % 3]
    return DisclosedObject(uscc(number), f"第{number}号民爆销售（模拟）", sole_owner=sole, address="某路1号", area=area)


def of_round(number: int) -> RoundContent:
    """The numbers of one draw."""
    return RoundContent(
        "50000020260001", "2026年度抽查工作计划", f"CQ2026-{number:04d}", ITEM, "随机抽取", "5%", 200, 10, 10, DAY
    )


def of_result(number: int) -> ResultContent:
    """Any category, sometimes two, of any type that a draw has."""
    dice = Random(number)
    names = list(CATEGORIES)
    first = dice.choice(names)
    chosen = [first] if first == "no_problem" else list(dict.fromkeys([first, *dice.choices(names[1:], k=2)]))
    findings = tuple(DisclosedFinding(name, CATEGORIES[name]) for name in chosen)
    return ResultContent(
        "50000020260001", "2026年度抽查工作计划", f"CQ2026-{number % 50:04d}", f"RW2026-{number:04d}",
        "2026年民爆销售抽查", dice.choice(("random", "joint")),
        dice.choice(("onsite", "document", "network", "other")), of_object(number), ITEM, findings, "无",
        datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC) + timedelta(hours=dice.randrange(240)), OFFICERS,
        directed=dice.random() < 0.5,
    )  # fmt: skip


def of_decision(number: int) -> DecisionContent:
    """Penalties and licences by turns."""
    dice = Random(number)
    known = {
        "number": f"渝经信罚〔2026〕{number}号", "object": of_object(number), "maker": AUTHORITY.name,
        "maker_code": CODE, "source": AUTHORITY.name, "source_code": CODE,
        "decided_on": date(2026, 1, 1) + timedelta(days=dice.randrange(300)),
    }  # fmt: skip
    if number % 2:
        return DecisionContent(
            kind="licence", name="民用爆炸物品销售许可", content="准予销售民用爆炸物品",
            category=dice.choice(("普通", "特许", "认可", "核准", "登记", "其他")), valid_until=date(2029, 12, 31),
            certificate="民用爆炸物品销售许可证", **known,
        )  # fmt: skip
    return DecisionContent(
        kind="penalty", name="行政处罚决定", content="罚款人民币一万元", category=dice.choice(("警告", "罚款")),
        violation="未按规定登记销售", facts="2026年9月销售未登记", basis="《民用爆炸物品安全管理条例》第四十八条",
        fine=Decimal(dice.randrange(1, 400)) / 4, **known,
    )  # fmt: skip


def disclosed(content: Content, *, revision: int = 1, action: Action = "publish") -> Disclosed:
    """As the disclosure area would hand it to an exporter."""
    key = {RoundContent: "draw_no", ResultContent: "task_no", DecisionContent: "number"}[type(content)]
    until = date(2029, 11, 26) if isinstance(content, DecisionContent) else None
    return Disclosed(AUTHORITY, getattr(content, key), revision, action, content, date(2026, 11, 26), until)
