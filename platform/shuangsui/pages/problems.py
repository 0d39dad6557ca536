"""What a person or a program is told when a request is refused: problem details (RFC 9457) with one Chinese sentence.

Knows no template; the web layer turns a problem into JSON or into a page, as the client prefers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from litestar.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is for programs and never changes; ``title`` and ``detail`` are for people."""

    status: int
    code: str
    title: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457; ``type`` is ``about:blank``, ``code`` tells problems apart."""
        return {"type": "about:blank", **asdict(self)}


_NOT_FOUND = Problem(404, "not_found", "没有这个页面", "网址可能写错，或内容已经移走：请从首页重新查找。")
_WRONG_METHOD = Problem(405, "method_not_allowed", "不能这样访问", "这个网址只供读取，不接受提交。")
_TOO_LARGE = Problem(413, "too_large", "内容太大", "提交的内容超过了这里能接收的大小：请减小后再提交。")
_BAD_REQUEST = Problem(400, "bad_request", "请求有误", "服务器看不懂这个请求：请检查网址和提交的内容。")
_BROKEN = Problem(
    500, "internal", "系统出错", "本次请求没有办成，出错情况已写入日志：请稍后重试，仍不成功请联系管理员。"
)


def problem_of(error: Exception) -> Problem:
    """What the outside may know of ``error``: nothing of a mistake of ours but that it happened."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {problem.status: problem for problem in (_NOT_FOUND, _WRONG_METHOD, _TOO_LARGE)}
    return known.get(status, _BAD_REQUEST if status < 500 else _BROKEN)


def prefers_html(accept: str) -> bool:
    """Whether a client that sent this Accept header wants a page: browsers name ``text/html``, programs do not."""
    ranges = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    return "text/html" in ranges
