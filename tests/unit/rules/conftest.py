"""Layers and trees made of a few lines of TOML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from shuangsui.rules import packs, service
from shuangsui.rules.packs import Pack
from shuangsui.rules.policy import Rules
from shuangsui.tenancy import tree

DAY = date(2026, 11, 22)

HEADER = """\
[pack]
id = "{id}"
rank = "{rank}"
binds = "{binds}"
title = "测试规则包"
issuer = "测试机关"
number = "测试〔2020〕1号"
issued = 2020-01-01
valid_from = 2020-02-01
basis = "测试"
source = "测试"
"""

TENANT = """\
slug = "{slug}"
name = "{slug}经济和信息化委员会"
short = "{slug}"
{more}
"""

CITY = 'plugins = []\nlog_domain = "log.example"\nportal_title = "{{name}}"\npacks = {packs}'


def rule(key: str, value: str, mode: str = "free", article: str = "第一条", more: str = "") -> str:
    """One ``[[rule]]``."""
    return f'\n[[rule]]\nkey = "{key}"\nvalue = {value}\narticle = "{article}"\nmode = "{mode}"\n{more}\n'


def pack(identity: str, rank: str, binds: str, *rules: str) -> Pack:
    """A pack in force since 2020-02-01."""
    text = HEADER.format(id=identity, rank=rank, binds=binds) + "".join(rules)
    return packs.load(text.encode(), f"packs/{identity}.toml")


class Office:
    """``tenants/`` with the city shi and its district qu; each may have rules of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.packs: dict[str, Pack] = {}
        self.city("[]")
        self.district("")

    def city(self, adopted: str, rules: str = "") -> None:
        self._tenant("shi", CITY.format(packs=adopted).replace("{{", "{").replace("}}", "}"), rules)

    def district(self, more: str, rules: str = "") -> None:
        self._tenant("shi/districts/qu", more, rules)

    def add(self, one: Pack) -> None:
        self.packs[one.header.id] = one

    def rules(self, slug: str, on: date = DAY) -> Rules:
        return service.for_tenant(tree.load(self.root), slug, on, packs=self.packs)

    def load(self, on: date = DAY) -> tree.Tree:
        return service.load(self.root, on, self.packs)

    def _tenant(self, folder: str, more: str, rules: str) -> None:
        path = self.root / folder
        path.mkdir(parents=True, exist_ok=True)
        (path / "tenant.toml").write_text(TENANT.format(slug=path.name, more=more), encoding="utf-8")
        (path / "rules.toml").write_text(rules, encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A fresh city and district without any rule."""
    return Office(tmp_path / "tenants")


@pytest.fixture
def make_pack() -> Callable[..., Pack]:
    """See :func:`pack`."""
    return pack


@pytest.fixture
def make_rule() -> Callable[..., str]:
    """See :func:`rule`."""
    return rule
