"""The options of this plugin, ``[options.exporter-credit-china]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui_exporter_kit import EndpointOptions


class Options(EndpointOptions):
    """What an administrator sets."""

    token_env: str = Field(
        "SHUANGSUI_CREDIT_CHINA_TOKEN",
        title="令牌变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放令牌的环境变量名称",
    )
    form: str = Field("json", title="格式", pattern=r"^(json|xlsx)$", description="报送的格式：json 或 xlsx")
    results: bool = Field(True, title="报送结果", description="按省级表式报送抽查结果；关闭后只报送行政处罚和行政许可")
    province_table: str = Field(
        "", title="省级表式", description="省级结果表的 TOML 或 JSON 文件，绝对路径；不写则用插件自带的表式"
    )
