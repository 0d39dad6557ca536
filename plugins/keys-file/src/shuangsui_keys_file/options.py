"""What an administrator sets."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions


class Options(PluginOptions):
    """Where the keys lie, and whether new ones are used."""

    folder: str = Field(
        title="文件夹",
        description="放密钥的文件夹，绝对路径，例如 /srv/shuangsui-keys，各台机器须看到同一个；备份与数据库分开保管",
    )
    only_opens: bool = Field(
        False, title="只用来打开", description="true：以后不再用这里的密钥密封，只打开从前密封的；换用别的密钥库时使用"
    )

    @field_validator("folder")
    @classmethod
    def _is_absolute(cls, value: str) -> str:
        if not PurePosixPath(value).is_absolute() or ".." in PurePosixPath(value).parts:
            raise PydanticCustomError("folder_invalid", "应为绝对路径，例如 /srv/shuangsui-keys，不含 ..")
        return value
