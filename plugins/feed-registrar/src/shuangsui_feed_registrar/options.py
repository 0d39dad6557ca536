"""The options of this plugin, ``[options.feed-registrar]`` in a ``tenant.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shuangsui import PluginOptions

Fitting = Annotated[str, StringConstraints(pattern=r"^[A-T]?\d{0,4}=[^=;；]+$")]


class Options(PluginOptions):
    """What an administrator sets; the token itself stands in the environment."""

    address: str = Field(title="网址", pattern=r"^https?://[^\s?#]+$", description="登记机关名单的网址，不带参数")
    token_env: str = Field(
        "SHUANGSUI_REGISTRAR_TOKEN",
        title="令牌变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放令牌的环境变量",
    )
    form: str = Field("json", title="格式", pattern=r"^(json|csv)$", description="名单的格式：json 或 csv")
    page_size: int = Field(500, title="每页行数", ge=1, le=10000, description="每页请求多少行")
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=300, description="每次请求最多等待多少秒")
    changes: bool = Field(True, title="增量", description="登记机关能只给出某日以来的变化时开启")
    items: tuple[Fitting, ...] = Field(
        (),
        title="对应事项",
        description="行业代码开头=事项编号，例如 C26=JX-11；不对应的企业不进名录",
    )
