"""The gateways to people that the sink plays, 企业微信 and text messages 短信; and a receiver of webhooks.

企业微信 answers 200 whatever happens and says what is wrong by its ``errcode``; its secret and its tokens stand in the
query. ``GET /cgi-bin/gettoken``, ``POST /cgi-bin/message/send``, ``POST /cgi-bin/webhook/send``. The other one is like
the gateways of several providers: ``POST /`` with a form, the sink's token as ``Bearer``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from shuangsui.testing.faults import Fault
from shuangsui.testing.systems import Answer, Request, as_json

SECRET = "secret"  # noqa: S105 - it guards nothing but a mock
WORDS = {
    0: "ok", 40001: "invalid credential", 40003: "invalid userid", 40014: "invalid access_token",
    42001: "access_token expired", 45009: "api freq out of limit", 81013: "user & party & tag all invalid",
    93000: "invalid webhook url",
}  # fmt: skip


@dataclass(slots=True)
class WeCom:
    """企业微信: ``accounts`` limits who exists, None is everybody; ``held`` is what people got to see."""

    secret: str = SECRET
    accounts: frozenset[str] | None = None
    held: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    given: int = 0

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """The fault's ``code`` is what every message is answered with; asking for a token goes on working."""
        if request.path == "/cgi-bin/gettoken" and request.method == "GET":
            return self._token(request.query)
        if request.path == "/cgi-bin/message/send" and request.method == "POST":
            return self._taken(request, fault or Fault(), self._app)
        if request.path == "/cgi-bin/webhook/send" and request.method == "POST":
            return self._taken(request, fault or Fault(), self._robot)
        return as_json({}, 404)

    def _token(self, query: Mapping[str, str]) -> Answer:
        if query.get("corpsecret") != self.secret:
            return _said(40001)
        self.given += 1
        self.tokens.add(f"token-{self.given}")
        return _said(0, access_token=f"token-{self.given}", expires_in=7200)

    def _taken(self, request: Request, fault: Fault, judge: Callable[[Request, dict[str, Any]], int]) -> Answer:
        try:
            body = json.loads(request.body)
        except ValueError:
            return _said(44004)
        code = int(fault.code) if fault.code else judge(request, body)
        if code == 0 and not fault.lost:
            self.held.append((request.path.split("/")[2], body))
        return _said(code, **({"msgid": f"msg-{len(self.held)}"} if code == 0 else {}))

    def _app(self, request: Request, body: dict[str, Any]) -> int:
        if request.query.get("access_token") not in self.tokens:
            return 40014
        named = set(str(body.get("touser", "")).split("|"))
        return 0 if self.accounts is None or named <= self.accounts else 81013

    def _robot(self, request: Request, _body: dict[str, Any]) -> int:
        return 0 if request.query.get("key") == self.secret else 93000


@dataclass(slots=True)
class Sms:
    """A gateway for text messages: the same ``out_id`` is one message, however often it comes."""

    held: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """``{"code": "OK", "biz_id": …}``, or the fault's code."""
        if request.method != "POST":
            return as_json({}, 404)
        form = dict(parse_qsl(request.body.decode()))
        if fault and fault.code:
            return as_json({"code": fault.code})
        if not form.get("mobile", "").isdigit():
            return as_json({"code": "INVALID_NUMBER"})
        if not (fault and fault.lost):
            self.held.setdefault(form.get("out_id", ""), form)
        return as_json({"code": "OK", "biz_id": f"sms-{len(self.held)}"})


@dataclass(slots=True)
class Hook:
    """A receiver of webhooks: ``webhook-id`` names what was pushed; it checks no signature and signs no receipt."""

    held: dict[str, bytes] = field(default_factory=dict)

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """200 however often the same comes, 409 for something else under the same name, 422 without a name."""
        name = request.headers.get("webhook-id", "")
        if request.method != "POST" or not name:
            return as_json({}, 422)
        if self.held.get(name, request.body) != request.body:
            return as_json({}, 409)
        if not (fault and fault.lost):
            self.held[name] = request.body
        return as_json({"ok": "yes"})


def _said(code: int, **more: object) -> Answer:
    return as_json({"errcode": code, "errmsg": WORDS.get(code, "error"), **more})
