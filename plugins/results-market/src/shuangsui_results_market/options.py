"""The options of this plugin, ``[options.results-market]`` in a ``tenant.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shuangsui import PluginOptions

Own = Annotated[str, StringConstraints(pattern=r"^\s*[^|\s]+\s*\|\s*[a-z_]+\s*\|[^|]*[^|\s][^|]*\|[^|]*[^|\s][^|]*$")]


class Options(PluginOptions):
    """What an administrator sets."""

    gsxt: bool = Field(True, title="公示系统代码", description="使用国家企业信用信息公示系统的五个部门类别")
    own: tuple[Own, ...] = Field(
        (),
        title="自定代码",
        description="代码|结果类别|名称|文书用语，例如 NH-1|pending|台账不全|能耗台账不全",
    )
