"""The way to a receiving system over HTTP: one package, one receipt, however often it is tried.

``POST address`` with the package as body, its names in ``X-External-Id``, ``X-Revision`` and ``X-Action``, its SHA-256
in ``X-Content-SHA256``; ``GET address/EXTERNAL-ID`` shows what is held. Real systems publish no interface; this one is
written against ``shuangsui mock-sink``. Certificates are checked, redirects are not followed.
"""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from pydantic import Field

from shuangsui import Health, OutsideFailed, Package, PluginOptions, Receipt

UNKNOWN = 404
PASSING = (408, 429)
"""Refusals that pass; every other 4xx stays one."""
_LONGEST = 1 << 20


class EndpointOptions(PluginOptions):
    """What an administrator sets for every receiving system; the token itself stands in the environment."""

    address: str = Field(title="网址", pattern=r"^https?://[^\s?#]+$", description="对方接收报送的网址，不带参数")
    token_env: str = Field(
        "SHUANGSUI_EXPORT_TOKEN",
        title="令牌变量",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="存放令牌的环境变量名称",
    )
    timeout_seconds: int = Field(30, title="等待秒数", ge=1, le=300, description="每次请求最多等待多少秒")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``name`` stands in receipts, ``title`` in sentences; ``token_env`` names the variable that holds the token."""

    name: str
    title: str
    address: str
    token_env: str
    timeout: float

    @classmethod
    def of(cls, name: str, title: str, options: EndpointOptions) -> Endpoint:
        """As the options say."""
        return cls(name, title, options.address.rstrip("/"), options.token_env, options.timeout_seconds)

    def send(self, package: Package) -> Receipt:
        """Hand it over, unless the system already has it: an earlier try may have ended without an answer."""
        held = self.read_back(package)
        if held.confirmed:
            return Receipt(self.name, held.reference, held.digest, confirmed=False, at=held.at)
        answer = self._asked("POST", self.address, package)
        if not answer or not _names(answer, package):
            raise self._failed("answer", "的答复不是这份材料的回执")
        return Receipt(self.name, str(answer.get("number", "")), str(answer["digest"]), confirmed=False, at=_at(answer))

    def read_back(self, package: Package) -> Receipt:
        """What the system shows now; confirmed if that is this revision, byte for byte, and no other action's."""
        answer = self._asked("GET", f"{self.address}/{package.external_id}")
        if not answer:
            return Receipt(self.name, "", "", confirmed=False)
        digest = str(answer.get("digest", ""))
        return Receipt(self.name, str(answer.get("number", "")), digest, _names(answer, package), _at(answer))

    def check(self) -> Health:
        """Ask whether the system lives and takes the token."""
        try:
            found = self._asked("GET", f"{self.address}/health")
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        if not found:
            return Health(ok=False, message=f"{self.title} {self.address} 没有这个网址，请核对。")
        return Health(ok=True, message=f"{self.title} {self.address} 可以连接。")

    def _asked(self, method: str, address: str, package: Package | None = None) -> Mapping[str, Any]:
        """The JSON object of the answer, empty for what is not there; else :class:`OutsideFailed`."""
        headers = {"Authorization": f"Bearer {self._token()}", **(_headers(package) if package else {})}
        try:
            with httpx.Client(timeout=self.timeout, follow_redirects=False, verify=_trusted()) as client:
                status, body = _answer(client, method, address, headers, package.data if package else None)
        except httpx.TimeoutException:
            raise self._failed("timeout", f"在 {self.timeout:g} 秒内没有答复") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed("unreachable", f"没有正常答复（{type(error).__name__}）") from None
        if status == UNKNOWN and method == "GET":
            return {}
        if not httpx.codes.is_success(status):
            permanent = status < httpx.codes.INTERNAL_SERVER_ERROR and status not in PASSING
            raise self._failed("refuses", f"答复 {status}，请核对网址、令牌和报送的内容", permanent=permanent)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not found:
            raise self._failed("answer", "的答复读不懂")
        return found

    def _token(self) -> str:
        if token := os.environ.get(self.token_env):
            return token
        problem = f"环境变量 {self.token_env} 没有令牌，请管理员设置"
        raise OutsideFailed("exporter_token", permanent=True, problem=problem)

    def _failed(self, code: str, what: str, *, permanent: bool = False) -> OutsideFailed:
        return OutsideFailed(f"exporter_{code}", permanent=permanent, problem=f"{self.title}{what}")


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than the whole exchange, so it is done once."""
    return httpx.create_ssl_context()


def _headers(package: Package) -> dict[str, str]:
    return {
        "Content-Type": package.media_type,
        "Idempotency-Key": f"{package.external_id}-{package.revision}",
        "X-External-Id": package.external_id,
        "X-Revision": str(package.revision),
        "X-Action": package.action,
        "X-Content-SHA256": package.digest,
    }


def _answer(
    client: httpx.Client, method: str, address: str, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, bytes]:
    """Status and body, of which no more than a receipt needs is read."""
    with client.stream(method, address, headers=headers, content=body) as answer:
        found = b""
        for part in answer.iter_bytes():
            found += part
            if len(found) > _LONGEST:
                break
    return answer.status_code, found


def _names(answer: Mapping[str, Any], package: Package) -> bool:
    """Whether the answer speaks of exactly this package."""
    wanted = (package.external_id, package.revision, package.action, package.digest)
    return tuple(answer.get(key) for key in ("external_id", "revision", "action", "digest")) == wanted


def _at(answer: Mapping[str, Any]) -> datetime | None:
    """The system's own time; one without a zone is none."""
    try:
        at = datetime.fromisoformat(str(answer.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else None
