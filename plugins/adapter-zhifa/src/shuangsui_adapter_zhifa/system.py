"""The application's calls over HTTP; every one may be repeated, for the task's number is its key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from shuangsui import CodeReceipt, FilingReceipt, Health, MissingCode, OutsideFailed, TaskNotice

UNKNOWN = 404


@dataclass(frozen=True, slots=True)
class Zhifa:
    """``token_env`` names the environment variable that holds the token."""

    address: str
    tenant: str
    token_env: str
    timeout: int
    name: str = "zhifa"

    def push_task(self, notice: TaskNotice) -> CodeReceipt:
        """Put the task under its number and read its code."""
        body = {**asdict(notice), "planned": notice.planned and notice.planned.isoformat()}
        return self._code(notice.task, self._asked("PUT", _tasks(self.tenant, notice.task), body))

    def query(self, task: str) -> CodeReceipt:
        """Read the code; a task that the application does not know has none."""
        return self._code(task, self._asked("GET", _tasks(self.tenant, task)))

    def report_missing(self, missing: MissingCode) -> FilingReceipt:
        """Put the report of the task under its number."""
        notice = missing.notice
        body = {"visited": missing.visited.isoformat(), "reason": missing.reason, "due": missing.due.isoformat()}
        answer = self._asked("PUT", f"{_tasks(self.tenant, notice.task)}/missing-code", body)
        return FilingReceipt(self.name, notice.task, _text(answer, "number"), _time(answer))

    def check(self) -> Health:
        """Ask whether the application lives and takes the token."""
        try:
            self._asked("GET", "/health")
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"执法监督应用 {self.address} 可以连接。")

    def _code(self, task: str, answer: Mapping[str, Any]) -> CodeReceipt:
        if not answer:
            return CodeReceipt(self.name, task, None)
        if answer.get("task") != task:
            raise OutsideFailed("zhifa_answer", problem=f"执法监督应用答复的不是任务 {task}")
        return CodeReceipt(self.name, task, _text(answer, "code") if answer.get("code") else None, _time(answer))

    def _asked(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        """The JSON object of the answer, empty for what is not there; else :class:`OutsideFailed`."""
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = httpx.request(method, self.address + path, json=body, headers=headers, timeout=self.timeout)
            if answer.status_code == UNKNOWN and method == "GET":
                return {}
            answer.raise_for_status()
            found = answer.json()
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            problem = f"执法监督应用答复 {status}，请核对网址和令牌"
            raise OutsideFailed("zhifa_refuses", permanent=status in {401, 403, 422}, problem=problem) from error
        except (httpx.HTTPError, ValueError) as error:
            problem = f"执法监督应用没有正常答复（{type(error).__name__}）"
            raise OutsideFailed("zhifa_unreachable", problem=problem) from error
        if not isinstance(found, dict):
            raise OutsideFailed("zhifa_answer", problem="执法监督应用的答复不是对象")
        return found

    def _token(self) -> str:
        if token := os.environ.get(self.token_env):
            return token
        raise OutsideFailed("zhifa_token", permanent=True, problem=f"环境变量 {self.token_env} 没有令牌，请管理员设置")


def _tasks(tenant: str, task: str) -> str:
    return f"/tenants/{quote(tenant, safe='')}/tasks/{quote(task, safe='')}"


def _text(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise OutsideFailed("zhifa_answer", problem=f"执法监督应用的答复缺少 {key}")
    return value


def _time(answer: Mapping[str, Any]) -> datetime | None:
    """The application's own time; one without a zone is none."""
    try:
        at = datetime.fromisoformat(str(answer.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else None
