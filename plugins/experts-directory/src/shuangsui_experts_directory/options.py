"""The options of this plugin, ``[options.experts-directory]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui import PluginOptions


class Options(PluginOptions):
    """What an administrator sets; the token itself stands in the environment."""

    address: str = Field(title="网址", pattern=r"^https?://[^\s?#]+$", description="专家名单的网址，不带参数")
    token_env: str = Field(
        "SHUANGSUI_EXPERTS_TOKEN", title="令牌变量", pattern=r"^[A-Z][A-Z0-9_]*$", description="存放令牌的环境变量"
    )
    prefix: str = Field(
        "", title="编号前缀", pattern=r"^[A-Za-z0-9-]{0,8}$", description="加在对方编号前面，免得与别的专家库重号"
    )
    page_size: int = Field(500, title="每页人数", ge=1, le=5000, description="每页请求多少人")
    max_pages: int = Field(100, title="最多页数", ge=1, le=1000, description="名单超过这么多页就不读了")
    max_megabytes: int = Field(20, title="最多兆字节", ge=1, le=50, description="名单合计超过这么多就不读了")
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=120, description="每次请求最多等待多少秒")
