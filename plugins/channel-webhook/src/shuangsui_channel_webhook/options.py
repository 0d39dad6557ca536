"""The options of this plugin, ``[options.channel-webhook]`` in a ``tenant.toml``."""

from __future__ import annotations

import re
from typing import Literal

import httpx
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions

_RECEIVER = re.compile(
    r"(?:([a-z][a-z0-9-]{0,30})=)?(https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/[!-~]*)?)"
)
_VARIABLE = re.compile(r"([a-z][a-z0-9-]{0,30})=([A-Z][A-Z0-9_]*)")
_QUERY = re.compile(r"[?#\\]")
UNNAMED = "webhook"
PUBLIC_KINDS = ("round", "result", "withheld", "decision")
"""Notices are for their recipients only."""


class Options(PluginOptions):
    """What an administrator sets; the secrets themselves stand in the environment."""

    receivers: tuple[str, ...] = Field(
        title="接收方",
        min_length=1,
        description="每个接收方一条，写成 名称=网址，例如 shuju=https://hook.example.gov.cn/sss；"
        "名称用小写字母、数字和连字符，只有一个接收方时可以只写网址；网址不带参数",
    )
    kinds: tuple[str, ...] = Field(
        ("round", "result", "withheld"),
        title="推送内容",
        min_length=1,
        description="推送哪几类：round 抽查情况、result 抽查结果、withheld 不予公开的编号、decision 行政决定",
    )
    secret_env: str = Field(
        "SHUANGSUI_WEBHOOK_SECRET",
        title="密钥变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放签名密钥（whsec_ 开头）的环境变量名称",
    )
    secrets_env: tuple[str, ...] = Field(
        (),
        title="各接收方的密钥变量",
        description="另有密钥的接收方，写成 名称=环境变量名称；几个接收方不应共用一个密钥，否则一方可以冒充另一方",
    )
    receipt: Literal["signed", "status"] = Field(
        "signed",
        title="回执方式",
        description="signed：对方的答复用同一密钥签名，写明收到的是哪一份，才算送达；"
        "status：答复 2xx 就算送达，对方说收到而丢失时无从发现，不建议使用",
    )
    timeout_seconds: int = Field(20, title="等待秒数", ge=1, le=60, description="每次推送最多等待多少秒")
    allow_private: bool = Field(
        False,
        title="允许内网地址",
        description="允许推送到内网、本机等非公网地址。打开后，能改选项的人可以让本机去连内网的任何端口，"
        "只在接收方确实在内网时打开",
    )
    allow_http: bool = Field(
        False, title="允许不加密", description="允许 http:// 网址：公示内容有签名但途中人人可见，只用于测试和专网"
    )

    def named(self) -> list[tuple[str, str]]:
        """Name and address of each receiver."""
        return [(name or UNNAMED, address) for name, address in map(_parts, self.receivers)]

    def secret_of(self, name: str) -> str:
        """The variable that holds the receiver's secret."""
        own = dict(text.split("=", 1) for text in self.secrets_env)
        return own.get(name, self.secret_env)

    @field_validator("receivers")
    @classmethod
    def _are_receivers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not _RECEIVER.fullmatch(text) or _QUERY.search(text) or not _is_url(_parts(text)[1]):
                raise PydanticCustomError(
                    "receivers_invalid", "应写成 名称=网址，网址以 https:// 开头，不带用户名、参数、井号、空格和反斜杠"
                )
        names = [_parts(text)[0] or UNNAMED for text in value]
        if len(set(names)) < len(names):
            raise PydanticCustomError("receivers_repeated", "接收方的名称不能重复，没有名称的只能有一个")
        return value

    @field_validator("kinds")
    @classmethod
    def _are_kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(PUBLIC_KINDS):
            raise PydanticCustomError("kinds_invalid", "只能是 round、result、withheld、decision；定向通报不得推送")
        return value

    @field_validator("secrets_env")
    @classmethod
    def _are_variables(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_VARIABLE.fullmatch(text) for text in value):
            raise PydanticCustomError("secrets_invalid", "应写成 接收方名称=环境变量名称，例如 shuju=HOOK_SECRET")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Options:
        names = {name for name, _ in self.named()}
        for text in self.secrets_env:
            if text.split("=", 1)[0] not in names:
                raise PydanticCustomError("secrets_unknown", "secrets_env 里有接收方中没有的名称")
        if not self.allow_http and any(address.startswith("http:") for _, address in self.named()):
            raise PydanticCustomError(
                "receivers_plain", "接收方的网址应以 https:// 开头；确需 http:// 时打开 allow_http"
            )
        return self


def _parts(text: str) -> tuple[str, str]:
    found = _RECEIVER.fullmatch(text)
    assert found
    return found[1] or "", found[2]


def _is_url(address: str) -> bool:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    return bool(url.host) and (url.port is None or 0 < url.port < 1 << 16)
