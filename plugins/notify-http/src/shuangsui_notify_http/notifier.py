"""The notifier: one request for each message, and what the gateway's answer is worth."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

from shuangsui import Health, Message, MessageReceipt, OutsideFailed
from shuangsui_notify_http.options import Options
from shuangsui_notify_http.template import TOKEN, cut, filled, found
from shuangsui_outbound_kit import PASSING, Answer, Way

_LONGEST = 200
_tokens: dict[str, str] = {}
"""Tokens that were obtained, by the address that gave them: objects come and go, the process stays for a while."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """As the options describe it."""

    options: Options

    @property
    def name(self) -> str:
        """By the options."""
        return self.options.name

    @property
    def address_kind(self) -> Literal["email", "phone", "wecom"]:
        """By the options."""
        return self.options.address_kind

    def send(self, message: Message) -> MessageReceipt:
        """Hand it over; a token that has run out is renewed once."""
        secrets = self._secrets()
        said = self._asked(message, secrets)
        value = found(said, self._path)
        if value in self.options.token_expired and self.options.token_address:
            _tokens.pop(self._token_address(secrets), None)
            said = self._asked(message, secrets)
            value = found(said, self._path)
        if self._path and value != self._wanted:
            raise self._failed("refuses", f"没有收下（{self._path} 为 {_printable(value)}）",
                               permanent=value in self.options.permanent)  # fmt: skip
        reference = found(said, self.options.reference) if self.options.reference else None
        return MessageReceipt(self.name, message.id, _printable(reference) if reference else "")

    def check(self) -> Health:
        """Whether there are secrets, a token, and somebody who answers at an address that may be connected to."""
        try:
            values = self._with_token(self._secrets())
            self._way(_addressed(self.options.address, values)).asked("OPTIONS", {"User-Agent": "shuangsui"})
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"网关 {self._title} 可以连接，密钥已设置。")

    def _asked(self, message: Message, secrets: Mapping[str, str]) -> Any:
        """The answer's JSON value; None where nobody asks what it says."""
        secrets = self._with_token(secrets)
        values = {**secrets, **self._fields(message)}
        headers = {name: filled(one, secrets) for name, one in self.options.named_headers().items()}
        body, kind, more = self._body(values)
        way = self._way(_addressed(self.options.address, secrets) + more)
        answer = way.asked(self.options.method, {"User-Agent": "shuangsui", **kind, **headers}, body)
        return self._read(answer) if self._path or self.options.reference else self._accepted(answer)

    def _body(self, values: Mapping[str, str]) -> tuple[bytes | None, dict[str, str], str]:
        """Body, its kind, and what comes behind the address."""
        made = filled(self.options.body(), values)
        if self.options.form == "json":
            return json.dumps(made, ensure_ascii=False).encode(), {"Content-Type": "application/json"}, ""
        text = urlencode(made, quote_via=quote)
        if self.options.form == "form":
            return text.encode(), {"Content-Type": "application/x-www-form-urlencoded"}, ""
        return None, {}, ("&" if "?" in self.options.address else "?") + text

    def _fields(self, message: Message) -> dict[str, str]:
        link = f"{self.options.console}{message.link}" if self.options.console and message.link else ""
        text = cut(message.text, self.options.longest)
        return {"title": message.title, "text": text, "address": message.address, "id": message.id, "link": link,
                "level": message.level}  # fmt: skip

    def _with_token(self, secrets: Mapping[str, str]) -> dict[str, str]:
        if not self.options.token_address:
            return dict(secrets)
        address = self._token_address(secrets)
        if address not in _tokens:
            answer = self._way(address).asked("GET", {"User-Agent": "shuangsui"})
            token = found(self._read(answer), self.options.token_path)
            if not token:
                raise self._failed("token", "没有给出访问令牌，请核对密钥")
            _tokens[address] = token
        return {**secrets, TOKEN: _tokens[address]}

    def _token_address(self, secrets: Mapping[str, str]) -> str:
        return _addressed(self.options.token_address, secrets)

    def _secrets(self) -> dict[str, str]:
        taken = {name: os.environ.get(variable, "") for name, variable in self.options.variables().items()}
        if missing := [self.options.variables()[name] for name, value in taken.items() if not value]:
            problem = f"环境变量 {'、'.join(missing)} 没有密钥，请管理员设置"
            raise OutsideFailed("gateway_secret", permanent=True, problem=problem)
        return taken

    def _way(self, address: str) -> Way:
        seconds, allow_private = self.options.timeout_seconds, self.options.allow_private
        return Way("gateway", "网关", self._title, address, seconds, allow_private)

    def _accepted(self, answer: Answer) -> None:
        """Nothing for 2xx; else :class:`OutsideFailed`, for good where trying again changes nothing."""
        if 200 <= answer.status < 300:
            return
        if 300 <= answer.status < 400:
            raise self._failed("refuses", f"答复 {answer.status}，要求转到别处，不跟随；请改正网址", permanent=True)
        permanent = answer.status < 500 and answer.status not in PASSING
        raise self._failed("refuses", f"答复 {answer.status}，没有收下", permanent=permanent)

    def _read(self, answer: Answer) -> Any:
        self._accepted(answer)
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise self._failed("answer", "的答复读不懂") from None

    def _failed(self, code: str, what: str, *, permanent: bool = False) -> OutsideFailed:
        problem = f"网关 {self._title}{what}"
        return OutsideFailed(f"gateway_{code}", permanent=permanent, problem=problem)

    @property
    def _path(self) -> str:
        return self.options.success.partition("=")[0]

    @property
    def _wanted(self) -> str:
        return self.options.success.partition("=")[2]

    @property
    def _title(self) -> str:
        """Without the parameters, in which secrets stand."""
        return f"{self.name}（{self.options.address.partition('?')[0]}）"


def _addressed(template: str, secrets: Mapping[str, str]) -> str:
    return str(filled(template, secrets, lambda text: quote(text, safe="")))


def _printable(text: str | None) -> str:
    return "".join(c for c in text or "空" if c.isprintable())[:_LONGEST]
