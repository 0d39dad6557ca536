"""The options of this plugin, ``[options.entropy-drand]`` in a ``tenant.toml``."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions
from shuangsui_entropy_drand.chains import DEFAULT, QUICKNET, Chain

_ADDRESS = re.compile(r"https?://[^\s?#@]+")
PUBLIC = (
    "https://api.drand.sh", "https://api2.drand.sh", "https://api3.drand.sh", "https://drand.cloudflare.com",
)  # fmt: skip
"""Relays of the League of Entropy and of Cloudflare, as drand's documentation names them."""


class Options(PluginOptions):
    """What an administrator sets; a relay carries values and can forge none, so it needs no password."""

    chain: Literal["quicknet", "default"] = Field(
        "quicknet", title="信标链", description="quicknet 每 3 秒一轮，default 每 30 秒一轮；公钥写在插件的代码里"
    )
    margin_seconds: int = Field(
        60,
        title="推后秒数",
        ge=0,
        le=86400,
        description="信标的那一轮至少比公开随机事件的时间晚多少秒；定得比摇号所需的时间长，摇号的人就不可能先看到信标",
    )
    relays: tuple[str, ...] = Field(
        PUBLIC,
        title="中继网址",
        min_length=1,
        description="依次询问，签名核验无误的第一个答复即采用；连不上外网的，写本单位转发的网址",
    )
    timeout_seconds: int = Field(5, title="等待秒数", ge=1, le=10, description="每个中继最多等待多少秒")

    @property
    def chosen(self) -> Chain:
        """The chain by its name."""
        return {chain.name: chain for chain in (QUICKNET, DEFAULT)}[self.chain]

    @field_validator("relays")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ADDRESS.fullmatch(address) for address in value):
            raise PydanticCustomError("relays_invalid", "应为 http:// 或 https:// 开头的网址，不带参数、井号和用户名")
        return value
