"""The options of this plugin, ``[options.experts-roster]`` in a ``tenant.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shuangsui import PluginOptions

Kindred = Annotated[str, StringConstraints(pattern=r"^[^=;；、，,]+=[^=;；、，,]+$", strip_whitespace=True)]
Employer = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Options(PluginOptions):
    """What an administrator sets."""

    fields: tuple[Kindred, ...] = Field(
        (),
        title="相近专业",
        description="专业=也算具备的专业，例如 稀土冶炼=有色金属；可以连着算",
    )
    min_valid_days: int = Field(0, title="聘期余日", ge=0, le=366, description="聘期至少还剩多少日才可以抽取")
    excluded_employers: tuple[Employer, ...] = Field(
        (), title="不抽的单位", description="工作单位与所列名称相同的专家不抽取"
    )
