"""The options of this plugin, ``[options.channel-email]`` in a ``tenant.toml``."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import normalize

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions

_MAILBOX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]*[A-Za-z0-9]")
_LONGEST = 254


class Options(PluginOptions):
    """What an administrator sets; the password itself stands in the environment."""

    host: str = Field(title="邮件服务器", pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="发信服务器的主机名或者地址")
    port: int = Field(587, title="端口", ge=1, le=65535, description="starttls 一般是 587，ssl 一般是 465")
    security: Literal["starttls", "ssl", "none"] = Field(
        "starttls",
        title="加密方式",
        description="starttls 或 ssl；none 不加密，只用于本机的转发服务，且不能同时设置用户名",
    )
    user: str = Field("", title="用户名", description="登录发信服务器的用户名；不写则不登录")
    password_env: str = Field(
        "SHUANGSUI_MAIL_PASSWORD",
        title="密码变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放发信密码的环境变量名称",
    )
    sender: str = Field(title="发件地址", description="发件人的电子邮件地址")
    contact: str = Field(
        title="咨询联系方式",
        min_length=1,
        max_length=200,
        description="写在通报末尾：收件单位有疑问时找谁，例如 某处 023-12345678",
    )
    addresses: tuple[str, ...] = Field(
        title="通讯录",
        min_length=1,
        description="每个单位一条，写成 单位=电子邮件地址，单位的名称与通报对象里的一致，"
        "例如 某市公安局=tb@gaj.example.gov.cn",
    )
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=100, description="发信服务器的每一步最多等待多少秒")

    def book(self) -> dict[str, str]:
        """Addresses by the body's name."""
        parts = (normalize("NFC", text).partition("=") for text in self.addresses)
        return {" ".join(whose.split()): address.strip() for whose, _, address in parts}

    @field_validator("sender")
    @classmethod
    def _is_mailbox(cls, value: str) -> str:
        if not _is_address(value):
            raise PydanticCustomError("sender_invalid", "应为一个电子邮件地址，例如 sss@jxw.example.gov.cn")
        return value

    @field_validator("addresses")
    @classmethod
    def _are_entries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        names = []
        for text in value:
            whose, _, address = (part.strip() for part in text.partition("="))
            if not whose or not whose.isprintable() or not _is_address(address):
                raise PydanticCustomError("addresses_invalid", "应写成 单位=电子邮件地址，单位的名称不含换行等控制字符")
            names.append(whose)
        if len(set(names)) < len(names):
            raise PydanticCustomError("addresses_repeated", "同一个单位只能写一条")
        return value

    @model_validator(mode="after")
    def _keeps_the_password(self) -> Options:
        if self.user and self.security == "none":
            raise PydanticCustomError(
                "security_none", "设置了用户名就不能用 none：密码会不加密地传送，请改用 starttls 或 ssl"
            )
        return self


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_MAILBOX.fullmatch(text))
