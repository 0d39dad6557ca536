"""The options of this plugin, ``[options.adapter-zhifa]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui import PluginOptions


class Options(PluginOptions):
    """What an administrator sets; the token itself stands in the environment."""

    address: str = Field(title="网址", pattern=r"https?://[^\s?#]+", description="执法监督应用的接口网址")
    token_env: str = Field(
        "SHUANGSUI_ZHIFA_TOKEN", title="令牌变量", pattern=r"[A-Z][A-Z0-9_]*", description="存放令牌的环境变量名称"
    )
    timeout_seconds: int = Field(10, title="等待秒数", ge=1, le=60, description="每次请求最多等待多少秒")
