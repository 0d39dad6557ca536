"""The tree that ships: the municipal commission and the 39 district tenants."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from shuangsui.rules import service
from shuangsui.tenancy.tree import Tree

HERE = Path(__file__).parent
TENANTS = HERE.parents[2] / "tenants"
GROUPING = {"500000", "500100", "500200", "500300"}

SLUGS = {
    "万州区": "wanzhou", "涪陵区": "fuling", "渝中区": "yuzhong", "大渡口区": "dadukou",
    "沙坪坝区": "shapingba", "九龙坡区": "jiulongpo", "南岸区": "nanan", "北碚区": "beibei",
    "綦江区": "qijiang", "大足区": "dazu", "巴南区": "banan", "黔江区": "qianjiang", "长寿区": "changshou",
    "江津区": "jiangjin", "合川区": "hechuan", "永川区": "yongchuan", "南川区": "nanchuan",
    "璧山区": "bishan", "铜梁区": "tongliang", "潼南区": "tongnan", "荣昌区": "rongchang",
    "开州区": "kaizhou", "梁平区": "liangping", "武隆区": "wulong", "两江新区": "liangjiang",
    "城口县": "chengkou", "丰都县": "fengdu", "垫江县": "dianjiang", "忠县": "zhongxian",
    "云阳县": "yunyang", "奉节县": "fengjie", "巫山县": "wushan", "巫溪县": "wuxi", "石柱土家族自治县": "shizhu",
    "秀山土家族苗族自治县": "xiushan", "酉阳土家族苗族自治县": "youyang", "彭水苗族土家族自治县": "pengshui",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Tree:
    return service.load(TENANTS, date(2026, 11, 22))


def test_there_are_forty_tenants(shipped: Tree) -> None:
    """One municipality, 37 districts and counties, two development zones."""
    assert len(shipped) == 40
    assert [tenant.slug for tenant in shipped if tenant.kind == "municipal"] == ["chongqing"]


def test_areas_are_the_current_rows_of_the_code_table(shipped: Tree) -> None:
    """GB/T 2260: slug, code, name and first year; every row still valid, no row more."""
    with (HERE / "chongqing-areas.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_to_year"] and row["code"] not in GROUPING]
    expected = {SLUGS[row["name"]]: (row["code"], row["name"], int(row["valid_from_year"]), None) for row in rows}
    found = {
        tenant.slug: (area.code, area.name, area.valid_from, area.valid_to)
        for tenant in shipped.children("chongqing")
        for area in tenant.areas
    }
    assert len(expected) == 37
    assert found == expected


def test_development_zones_have_no_area_code(shipped: Tree) -> None:
    """高新区 and 万盛经开区 are tenants without a code of the standard."""
    assert [tenant.slug for tenant in shipped if not tenant.areas] == ["gaoxin", "wansheng"]


def test_every_tenant_has_two_other_witnesses(shipped: Tree) -> None:
    """SRD-1 section 7.4: at least two other tenants; a district's are the municipality and a neighbour."""
    assert {len(tenant.witnesses) for tenant in shipped} == {2}
    assert {tenant.witnesses[0] for tenant in shipped.children("chongqing")} == {"chongqing"}


def test_districts_store_differences_only(shipped: Tree) -> None:
    """No district repeats what the municipality says."""
    own = {key for tenant in shipped.children("chongqing") for key in tenant.own}
    documents = {f"options.rules-{slug}.document" for slug in ("liangjiang", "gaoxin")}
    assert own == {"slug", "name", "short", "witnesses", "plugins"} | documents


def test_districts_with_rules_of_their_own_keep_the_municipalitys_plugins(shipped: Tree) -> None:
    """Two districts add one plugin each, after those of the municipality, in its order."""
    above = shipped.get("chongqing").plugins
    added = {
        tenant.slug: tenant.plugins[len(above) :]
        for tenant in shipped.children("chongqing")
        if tenant.plugins[: len(above)] == above and tenant.plugins != above
    }
    with_own = {tenant.slug for tenant in shipped.children("chongqing") if "plugins" in tenant.own}
    assert added == {"liangjiang": ("rules-liangjiang",), "gaoxin": ("rules-gaoxin",)}
    assert with_own == set(added)


def test_log_origins_are_distinct_and_fit_a_key_name(shipped: Tree) -> None:
    """SRD-1 section 7.4: the origin is the log's key name, without space and plus sign."""
    origins = {tenant.log_origin for tenant in shipped}
    assert len(origins) == 40
    assert not [origin for origin in origins if set(origin) & set(" +")]
