"""The tree of tenants: order, chain, inheritance by folder, provenance of every setting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from shuangsui.errors import NotFound
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Setting, Tenant
from shuangsui.texts import sentence

Write = Callable[[str, str], Path]

HEAD = 'slug = "jiaqu"\nname = "甲区经济和信息化委员会"\nshort = "甲区"\n'
CITY = "tenants/moushi/tenant.toml"
JIAQU = "tenants/moushi/districts/jiaqu/tenant.toml"


def test_parents_come_before_their_districts(root: Path) -> None:
    """Order of the tree is order of inheritance."""
    found = tree.load(root)
    assert [(tenant.slug, tenant.kind, tenant.parent) for tenant in found] == [
        ("moushi", "municipal", None),
        ("jiaqu", "district", "moushi"),
        ("yiqu", "district", "moushi"),
    ]
    assert len(found) == 3


def test_chain_and_children(root: Path) -> None:
    """From the root folder down, and one level down."""
    found = tree.load(root)
    assert [tenant.slug for tenant in found.chain("jiaqu")] == ["moushi", "jiaqu"]
    assert [tenant.slug for tenant in found.children("moushi")] == ["jiaqu", "yiqu"]
    assert found.children("jiaqu") == ()


def test_district_without_settings_inherits_all(root: Path) -> None:
    """Only differences are stored; the names in the title are its own."""
    tenant = tree.load(root).get("jiaqu")
    assert tenant.plugins == ("alpha", "beta")
    assert tenant.log_origin == "log.example/jiaqu"
    assert tenant.portal_title == "某市jiaqu经济和信息化委员会公示"
    assert tenant.packs is None
    assert tenant.settings["plugins"] == Setting(("alpha", "beta"), CITY, 5)


def test_hour_of_the_digest_is_inherited(root: Path, write: Write) -> None:
    """A district may choose its own; where nobody says anything, it is twenty to nine."""
    assert tree.load(root).get("jiaqu").digest_at == time(8, 40)
    city = root / "moushi" / "tenant.toml"
    city.write_text(city.read_text("utf-8").replace("plugins =", 'digest_at = "07:15"\nplugins =', 1), "utf-8")
    write("districts/yiqu/tenant.toml", HEAD.replace("jiaqu", "yiqu") + 'digest_at = "17:00"\n')
    found = tree.load(root)
    assert [found.get(slug).digest_at for slug in ("moushi", "jiaqu", "yiqu")] == [time(7, 15), time(7, 15), time(17)]


def test_terms_of_signing_in_are_inherited(root: Path, write: Write) -> None:
    """The strictest where nobody says anything; a district may choose the other profile."""
    assert said(tree.load(root).get("jiaqu")) == ("dengbao3", True)
    city = root / "moushi" / "tenant.toml"
    city.write_text(city.read_text("utf-8").replace("plugins =", 'second_factor = "voluntary"\nplugins =', 1), "utf-8")
    write("districts/yiqu/tenant.toml", HEAD.replace("jiaqu", "yiqu") + 'passwords = "asvs"\n')
    found = tree.load(root)
    assert [said(found.get(slug)) for slug in ("moushi", "jiaqu", "yiqu")] == [
        ("dengbao3", False), ("dengbao3", False), ("asvs", False),
    ]  # fmt: skip


def said(tenant: Tenant) -> tuple[str, bool]:
    """What a tenant asks of those who sign in."""
    return tenant.password_profile, tenant.factor_demanded


def test_own_setting_replaces_the_inherited_one(root: Path, write: Write) -> None:
    """The order of plugins is the district's own once it says so; an empty list switches all off."""
    write("districts/jiaqu/tenant.toml", HEAD + 'plugins = ["beta"]\n')
    write("districts/yiqu/tenant.toml", HEAD.replace("jiaqu", "yiqu") + "plugins = []\n")
    found = tree.load(root)
    assert [found.get(slug).plugins for slug in ("moushi", "jiaqu", "yiqu")] == [("alpha", "beta"), ("beta",), ()]
    assert found.get("jiaqu").settings["plugins"] == Setting(("beta",), JIAQU, 4)


def test_names_areas_and_witnesses_are_not_inherited(root: Path) -> None:
    """They belong to one authority."""
    tenant = tree.load(root).get("jiaqu")
    assert (tenant.areas, tenant.witnesses, tenant.short) == ((), ("moushi",), "jiaqu")


def test_options_are_inherited_one_by_one(root: Path, write: Write) -> None:
    """A district changes one option of a plugin and keeps the others."""
    write("districts/jiaqu/tenant.toml", HEAD + '[options.alpha]\nfolder = "jia"\n')
    assert tree.load(root).get("jiaqu").options("alpha") == {
        "folder": Setting("jia", JIAQU, 5),
        "tries": Setting(3, CITY, 16),
    }
    assert tree.load(root).get("jiaqu").options("beta") == {}


def test_change_above_reaches_the_district(root: Path) -> None:
    """Inherited values are never copied down, so a later change flows."""
    path = root / "moushi" / "tenant.toml"
    path.write_text(path.read_text().replace('["alpha", "beta"]', '["gamma"]'))
    assert tree.load(root).get("yiqu").plugins == ("gamma",)


def test_rules_file_keeps_its_lines(root: Path, write: Write) -> None:
    """Entries know the line of their value and of their key."""
    write("districts/jiaqu/rules.toml", '# 本区\n[[rule]]\nkey = "a.b"\nvalue = [1, 2]\narticle = "第一条"\n')
    (stated,) = tree.load(root).get("jiaqu").rules
    assert (stated.entry.key, stated.entry.value, stated.entry.mode) == ("a.b", (1, 2), "free")
    assert (stated.file, stated.key_line, stated.line) == ("tenants/moushi/districts/jiaqu/rules.toml", 3, 4)


@pytest.mark.parametrize(("asked", "suggestions"), [("jiaq", "jiaqu"), ("某市yi", "yiqu"), ("zzz", "（无）")])
def test_unknown_tenant_names_similar_ones(asked: str, suggestions: str, root: Path) -> None:
    """By slug or by the Chinese name."""
    with pytest.raises(NotFound) as caught:
        tree.load(root).get(asked)
    assert sentence(caught.value) == f"没有租户 {asked}，相近的有 {suggestions}：请核对租户代码。"


def test_hidden_folders_are_no_tenants(root: Path) -> None:
    """Working folders of editors and version control stay out."""
    (root / ".git").mkdir()
    (root / "moushi" / "districts" / "_old").mkdir()
    assert len(tree.load(root)) == 3
