"""The notifier: a message becomes a letter; the server answers for it from its acceptance on."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from typing import Literal

from shuangsui import Health, Message, MessageReceipt, OutsideFailed
from shuangsui_notify_email.options import Options
from shuangsui_outbound_kit import deliver, is_mailbox, knock, letter


@dataclass(frozen=True, slots=True)
class Mail:
    """To one person; the same message is the same letter, whose ``Message-ID`` tells a repeat."""

    options: Options
    name: str = "email"
    address_kind: Literal["email"] = "email"

    def send(self, message: Message) -> MessageReceipt:
        """Hand it over; nobody else stands in the envelope or in ``To``."""
        if not is_mailbox(message.address):
            problem = "登记的电子邮件地址不能使用，请本人或者安全管理员改正"
            raise OutsideFailed("email_recipients", permanent=True, problem=problem)
        to, text = Address(addr_spec=message.address), f"{message.text}\n{self._link(message)}"
        made = letter(self.options.sender, [to], message.title, text, number=message.id, at=message.at)
        said = deliver(self.options, [message.address], made.as_bytes())
        return MessageReceipt(self.name, message.id, said)

    def check(self) -> Health:
        """Connect and log in; no mail."""
        try:
            knock(self.options)
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        can = "登录" if self.options.user else "连接"
        return Health(ok=True, message=f"邮件服务器 {self.options.host}:{self.options.port} 可以{can}。")

    def _link(self, message: Message) -> str:
        return f"{self.options.console}{message.link}\n" if self.options.console and message.link else ""
