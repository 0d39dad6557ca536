"""The options of this plugin, ``[options.exporter-gsxt]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui_exporter_gsxt.exporter import WORDING
from shuangsui_exporter_kit import EndpointOptions


class Options(EndpointOptions):
    """What an administrator sets."""

    token_env: str = Field(
        "SHUANGSUI_GSXT_TOKEN",
        title="令牌变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放令牌的环境变量名称",
    )
    codes: tuple[str, ...] = Field(
        (),
        title="自定代码对应",
        description="本部门的结果代码=公示系统的代码，例如 NH-1=5；不写的按结果类别",
    )

    coded: bool = Field(
        False,
        title="报送结果代码",
        description="每项结果除名称外另报代码（raninsCheckRes）；对方没有要求的不报",
    )

    @field_validator("codes")
    @classmethod
    def _are_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            own, _, code = (part.strip() for part in text.partition("="))
            if not own or code not in WORDING:
                raise PydanticCustomError("codes_invalid", "应写成 本部门的代码=公示系统的代码，后者须在代码表里")
        return value
