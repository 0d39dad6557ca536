"""The options of this plugin, ``[options.rules-gaoxin]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui import PluginOptions

FIRST_QUARTER = r"^0[1-3]-(0[1-9]|[12]\d|3[01])$"
"""The measures (article 7) want the plan in the first quarter."""


class Options(PluginOptions):
    """The numbers of the zone's document; the document is a sample until an administrator names the real one."""

    document: str = Field(
        "高新区示范〔2026〕1号",
        title="文号",
        pattern=r"^\S{1,60}$",
        description="本区文件的文号；默认的是示范，不是真实文件",
    )
    plan_due: str = Field("03-15", title="计划期限", pattern=FIRST_QUARTER, description="年度计划最迟何日印发，月-日")
    plan_remind: str = Field("02-15", title="计划提醒", pattern=FIRST_QUARTER, description="何日起提醒，月-日")
    rectification_days: int = Field(60, title="整改期限", ge=1, le=90, description="整改期限最长多少日")
    escalate_days: int = Field(3, title="提级督办", ge=1, le=5, description="整改逾期多少个工作日后提级督办")
