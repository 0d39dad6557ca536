"""The callback: a gateway reports which messages reached their people."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from shuangsui import Call, MessageReport, Reply
from shuangsui_notify_http.options import Options
from shuangsui_notify_http.template import found

MOST = 1000
_UNFIT = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class Reports:
    """As the options describe it."""

    options: Options
    name: str = "reports"

    def answer(self, call: Call) -> Reply:
        """403 without the token, which stands in the query or is a ``Bearer``; 400 for what cannot be read."""
        if not self._recognised(call):
            return Reply(403)
        try:
            reports = tuple(self._reports(call))
        except (ValueError, RecursionError):
            return Reply(400)
        return Reply(200, self.options.report_reply, "application/json", reports)

    def _recognised(self, call: Call) -> bool:
        token = os.environ.get(self.options.report_token_env, "")
        bearer = call.headers.get("authorization", "").removeprefix("Bearer ")
        given = call.query.get("token") or bearer
        return bool(token) and hmac.compare_digest(given.encode(), token.encode())

    def _reports(self, call: Call) -> Iterator[MessageReport]:
        path, _, wanted = self.options.report_success.partition("=")
        for one in self._entries(call):
            if message := found(one, self.options.report_message):
                code = found(one, self.options.report_detail) if self.options.report_detail else None
                yield MessageReport(message, found(one, path) == wanted, _UNFIT.sub("?", code or "")[:60])

    def _entries(self, call: Call) -> list[Any]:
        """One report or several, wherever the gateway puts them; ``ValueError`` for too many."""
        said = _read(call)
        for part in self.options.report_list.split(".") if self.options.report_list else ():
            said = said.get(part) if isinstance(said, dict) else None
        entries = said if isinstance(said, list) else [said]
        if len(entries) > MOST:
            raise ValueError(len(entries))
        return entries


def _read(call: Call) -> Any:
    if call.method == "GET":
        return dict(call.query)
    if "json" in call.headers.get("content-type", ""):
        return json.loads(call.body)
    return dict(parse_qsl(call.body.decode()))
