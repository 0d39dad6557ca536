"""What an administrator sets for a mail server, whatever is sent through it."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shuangsui import PluginOptions

_MAILBOX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]*[A-Za-z0-9]")
_LONGEST = 254


class MailOptions(PluginOptions):
    """The server and who sends; the password itself stands in the environment."""

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
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=100, description="发信服务器的每一步最多等待多少秒")

    @property
    def domain(self) -> str:
        """The part of the sender's address that servers and message numbers know it by."""
        return self.sender.rpartition("@")[2]

    @field_validator("sender")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if not is_mailbox(value):
            raise PydanticCustomError("sender_invalid", "应为一个电子邮件地址，例如 sss@jxw.example.gov.cn")
        return value

    @model_validator(mode="after")
    def _keeps_the_password(self) -> Self:
        if self.user and self.security == "none":
            raise PydanticCustomError(
                "security_none", "设置了用户名就不能用 none：密码会不加密地传送，请改用 starttls 或 ssl"
            )
        return self


def is_mailbox(text: str) -> bool:
    """Whether it is one plain mail address."""
    return len(text) <= _LONGEST and bool(_MAILBOX.fullmatch(text))
