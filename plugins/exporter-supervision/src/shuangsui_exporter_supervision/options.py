"""The options of this plugin, ``[options.exporter-supervision]`` in a ``tenant.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from shuangsui_exporter_kit import EndpointOptions

Item = Annotated[str, StringConstraints(pattern=r"^[^=\s]+=\d{14}=[^=\s]{19,800}$")]


class Options(EndpointOptions):
    """What an administrator sets."""

    token_env: str = Field(
        "SHUANGSUI_SUPERVISION_TOKEN",
        title="令牌变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放令牌的环境变量名称",
    )
    department: str = Field(title="部门编码", pattern=r"^[A-Za-z0-9]{1,50}$", description="数据来源部门的编码")
    items: tuple[Item, ...] = Field(
        (),
        title="事项编码",
        description="抽查事项编号=监管事项目录编码（14 位）=检查实施清单编码；事项清单里已有的不必写",
    )
    dictionaries: str = Field("", title="字典", description="本地区字典的 JSON 文件，绝对路径；不写则用插件自带的字典")

    def listed(self) -> Mapping[str, tuple[str, str]]:
        """An item's number → its two codes."""
        parts = (text.split("=") for text in self.items)
        return {item: (code, checklist) for item, code, checklist in parts}
