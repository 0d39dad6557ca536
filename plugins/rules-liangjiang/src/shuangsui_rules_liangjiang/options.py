"""The options of this plugin, ``[options.rules-liangjiang]`` in a ``tenant.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shuangsui import PluginOptions

Family = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,64}$")]


class Options(PluginOptions):
    """The numbers of the district's document; the document is a sample until an administrator names the real one."""

    document: str = Field(
        "两江新区示范〔2026〕1号",
        title="文号",
        pattern=r"^\S{1,60}$",
        description="本区文件的文号；默认的是示范，不是真实文件",
    )
    publication_days: int = Field(15, title="公开期限", ge=1, le=20, description="抽查结束后多少个工作日内公开")
    class_d_percent: int = Field(10, title="D 类比例", ge=1, le=100, description="信用风险 D 类每次至少抽取百分之几")
    explosives: tuple[Family, ...] = Field(
        ("JX-01", "JX-02"), title="民爆事项", description="民用爆炸物品生产、销售检查的事项族，可以不写"
    )
    explosives_officers: int = Field(3, title="民爆检查人数", ge=2, le=16, description="民爆检查的检查组至少几人")
    rest_days: int = Field(
        180, title="轮换日数", ge=0, le=3660, description="检查过某一对象的人员多少日内不再检查它，0 为不限"
    )
