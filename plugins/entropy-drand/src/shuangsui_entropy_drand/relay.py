"""What relays of drand answer over HTTP. They are not trusted: a value counts once its signature is verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from shuangsui_entropy_drand.chains import Chain

EARLY = (404, 425)
"""A round that is not made yet; relays differ."""
_LONGEST = 16 << 10


class Unhelpful(Exception):
    """A relay has nothing to offer; the text is a Chinese clause."""


@dataclass(frozen=True, slots=True)
class Relays:
    """Addresses without ``/`` at the end, and the seconds that each may take."""

    addresses: tuple[str, ...]
    seconds: int

    def asked(self, chain: Chain, what: str) -> Iterator[tuple[str, Mapping[str, Any] | Unhelpful]]:
        """Each relay's address and its answer, asked only when the one before was of no use."""
        for address in self.addresses:
            try:
                yield address, self._ask(f"{address}/{chain.hash}/{what}")
            except Unhelpful as reason:
                yield address, reason

    def _ask(self, url: str) -> Mapping[str, Any]:
        try:
            with httpx.stream("GET", url, timeout=self.seconds) as answer:
                if answer.status_code != httpx.codes.OK:
                    early = "这一轮还没有产生" if answer.status_code in EARLY else "没有给出数值"
                    raise Unhelpful(f"答复 {answer.status_code}，{early}")
                data = b""
                for piece in answer.iter_bytes():
                    data += piece
                    if len(data) > _LONGEST:
                        raise Unhelpful("答复过长")
        except httpx.HTTPError as error:
            raise Unhelpful(f"没有正常答复（{type(error).__name__}）") from error
        return _object(data)


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        found = httpx.Response(200, content=data).json()
    except (ValueError, RecursionError) as error:
        raise Unhelpful("答复不是 JSON") from error
    if not isinstance(found, dict):
        raise Unhelpful("答复不是对象")
    return found
