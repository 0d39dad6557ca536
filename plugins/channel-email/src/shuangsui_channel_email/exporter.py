"""The exporter: a notice becomes a letter, the letter a message, and the server's acceptance the receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuangsui import ContentRefused, Disclosed, Health, NoticeContent, OutsideFailed, Package, Receipt
from shuangsui_channel_email.letter import found, message, notice
from shuangsui_channel_email.options import Options
from shuangsui_exporter_kit import Form, document, json_package
from shuangsui_outbound_kit import deliver, knock

SCHEMA = document(__package__, "notice.schema.json")
_FORM = Form(SCHEMA)


@dataclass(frozen=True, slots=True)
class Email:
    """To whoever a notice names, by the address book of the options."""

    options: Options
    name: str = "email"
    kinds: tuple[str, ...] = ("notice",)
    duty: str = ""

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of the letter; addresses are not part of it."""
        return SCHEMA

    def takes(self, item: Disclosed) -> bool:
        """Every notice: one that cannot be sent must be heard of."""
        return item.kind == "notice"

    def convert(self, item: Disclosed) -> Package:
        """The letter; :class:`ContentRefused` names the body that has no address."""
        if not isinstance(item.content, NoticeContent):
            raise ContentRefused("材料种类", "电子邮件只发定向通报")
        told = notice(item, item.content, self.options.contact)
        _FORM.check(told)
        for whose in told["recipients"]:
            found(whose, self.options.book())
        return json_package(item, told)

    def send(self, package: Package) -> Receipt:
        """Hand the message over; the server answers for it from then on, which is all that mail can confirm."""
        told, book = json.loads(package.data), self.options.book()
        try:
            made = message(told, self.options.sender, book)
        except ContentRefused as error:
            problem = f"{error.params['field']}{error.params['problem']}"
            raise OutsideFailed("email_recipients", permanent=True, problem=problem) from error
        said = deliver(self.options, list(dict.fromkeys(book[whose] for whose in told["recipients"])), made.as_bytes())
        return Receipt(self.name, f"{made['Message-ID']} {said}".strip(), package.digest, confirmed=True)

    def read_back(self, package: Package) -> Receipt:  # noqa: ARG002 - the contract's signature
        """There is nothing to look at: only the server's answer to ``send`` confirms."""
        return Receipt(self.name, "", "", confirmed=False)

    def check(self) -> Health:
        """Connect and log in; no mail."""
        where = f"邮件服务器 {self.options.host}:{self.options.port}"
        try:
            knock(self.options)
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        can, count = "登录" if self.options.user else "连接", len(self.options.addresses)
        return Health(ok=True, message=f"{where} 可以{can}，通讯录有 {count} 个单位。")
