"""The options of this plugin, ``[options.channel-portal]`` in a ``tenant.toml``."""

from __future__ import annotations

import re

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions

_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


class Options(PluginOptions):
    """What an administrator sets."""

    address: str = Field(
        "",
        title="网址",
        description="公示网站的网址，写进回执，例如 https://gongshi.example.gov.cn；不写则回执里只有路径",
    )

    @field_validator("address")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise PydanticCustomError("address_invalid", "应为以 http:// 或 https:// 开头的网址，不带问号和井号")
        return value
