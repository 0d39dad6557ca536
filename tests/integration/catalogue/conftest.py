"""The people who make a list, a lawful file of two items, and the real lists."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from shuangsui.access.policy import Role
from shuangsui.access.service import add_user, bootstrap, grant
from shuangsui.catalogue import service
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.rules.policy import Rules
from shuangsui.rules.service import for_tenant
from shuangsui.tenancy import tree

TESTS = Path(__file__).parents[2]
HEADER = [
    "编号",
    "事项名称",
    "事项类别",
    "重点理由",
    "抽查内容",
    "抽查依据",
    "抽查方式",
    "抽查比例",
    "抽查频次",
    "抽查结果公开方式",
]
SALT = [
    "JX-2",
    "食盐检查",
    "一般",
    "",
    "定点资质",
    "《食盐专营办法》",
    "现场检查",
    "不超过20%",
    "每年1次",
    "委门户网站公示",
]
BLAST = [
    "JX-10",
    "民爆检查",
    "重点",
    "安全",
    "许可",
    "《民爆条例》",
    "现场检查",
    "100%",
    "每月不少于1次",
    "委门户网站公示",
]
ROLES = {
    "lead": Role.LEAD_OFFICE, "business": Role.BUSINESS_OFFICE, "leader": Role.LEADER, "inspector": Role.INSPECTOR,
}  # fmt: skip


@dataclass(frozen=True)
class Bureau:
    """One authority at work; each act is a transaction of its own."""

    scope: Any
    rules: Rules
    folder: Path

    def file(self, *rows: list[str], name: str = "清单.csv") -> Path:
        """A file of items below :data:`HEADER`."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *rows])
        return path

    def take(self, *rows: list[str], **options: Any) -> Any:
        """Import these items."""
        return self.do(service.import_items, self.file(*rows), actor="lead", **options)

    def do(self, use_case: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Run one use case."""
        with self.scope("chongqing") as session:
            return use_case(session, *args, **options)

    def submit(self, *, actor: str = "lead") -> Any:
        """Submit the draft as a municipal commission."""
        return self.do(service.submit, actor=actor, rules=self.rules, level="municipal")

    def publish(self) -> Any:
        """From the draft to the published list, everybody doing their part."""
        self.do(service.confirm, actor="business")
        self.submit()
        self.do(service.approve, actor="leader", rules=self.rules)
        return self.do(service.publish, actor="lead", rules=self.rules)

    def acts(self) -> list[tuple[str, str, str]]:
        """Actor, act and subject of every ledger entry of the list."""
        with self.scope("chongqing") as session:
            entries = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
        return [(one.actor, one.act, one.subject) for one in entries if not one.act.startswith("user.")]


@pytest.fixture
def bureau(scope: Any, tmp_path: Path) -> Bureau:
    """The municipal commission on 2026-11-22, with its people."""
    with scope("chongqing") as session:
        bootstrap(session, "guard", "安全员", account="os:test")
        for login, role in ROLES.items():
            add_user(session, login, login, by="guard")
            grant(session, login, role, by="guard")
    return Bureau(scope, municipal_rules(), tmp_path)


def municipal_rules() -> Rules:
    """The rules of the municipal commission."""
    return for_tenant(tree.load(TESTS.parent / "tenants"), "chongqing", date(2026, 11, 22))


@pytest.fixture
def real_lists() -> Callable[[str], Path]:
    """A published list by its name."""
    return partial(Path.joinpath, TESTS / "data" / "registry")
