"""The options of this plugin, ``[options.notify-email]`` in a ``tenant.toml``."""

from __future__ import annotations

from pydantic import Field

from shuangsui_outbound_kit import MailOptions


class Options(MailOptions):
    """What an administrator sets; the password itself stands in the environment."""

    console: str = Field(
        "",
        title="管理端网址",
        pattern=r"^(?:https?://[A-Za-z0-9.-]+(?::\d{1,5})?)?$",
        description="写在邮件里的链接以它开头，例如 https://sss.jxw.example.gov.cn；不写则邮件里没有链接",
    )
