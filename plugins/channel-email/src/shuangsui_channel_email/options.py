"""The options of this plugin, ``[options.channel-email]`` in a ``tenant.toml``."""

from __future__ import annotations

from unicodedata import normalize

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shuangsui_outbound_kit import MailOptions, is_mailbox


class Options(MailOptions):
    """What an administrator sets; the password itself stands in the environment."""

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

    def book(self) -> dict[str, str]:
        """Addresses by the body's name."""
        parts = (normalize("NFC", text).partition("=") for text in self.addresses)
        return {" ".join(whose.split()): address.strip() for whose, _, address in parts}

    @field_validator("addresses")
    @classmethod
    def _are_entries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        names = []
        for text in value:
            whose, _, address = (part.strip() for part in text.partition("="))
            if not whose or not whose.isprintable() or not is_mailbox(address):
                raise PydanticCustomError("addresses_invalid", "应写成 单位=电子邮件地址，单位的名称不含换行等控制字符")
            names.append(whose)
        if len(set(names)) < len(names):
            raise PydanticCustomError("addresses_repeated", "同一个单位只能写一条")
        return value
