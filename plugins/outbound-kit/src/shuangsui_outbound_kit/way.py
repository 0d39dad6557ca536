"""One HTTP request to a pinned address: no redirects, no proxies, no more of the answer than a receipt needs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from shuangsui import OutsideFailed
from shuangsui_outbound_kit.guard import resolved

LONGEST = 64 << 10
PASSING = (408, 425, 429)
"""Refusals that pass; every other 4xx stays one."""
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``headers`` in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Way:
    """To one receiver. ``whose`` says what it is, ``title`` which one; ``code`` begins the codes of its errors.

    The address may hold secrets, hence it stands in no sentence.
    """

    code: str
    whose: str
    title: str
    address: str = field(repr=False)
    timeout: float
    allow_private: bool

    def asked(self, method: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """The answer of the first address that can be connected to; else :class:`OutsideFailed`."""
        url = httpx.URL(self.address)
        port = url.port or _PORTS[url.scheme]
        host = url.raw_host.decode("ascii")
        addresses = resolved(host, port, allow_private=self.allow_private, code=self.code, whose=self.whose)
        until = time.monotonic() + self.timeout
        try:
            return self._first(url, addresses, httpx.Request(method, url, headers=headers, content=body), until)
        except httpx.TimeoutException:
            raise self.failed("timeout", f"在 {self.timeout:g} 秒内没有答复") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self.failed("unreachable", f"没有正常答复（{type(error).__name__}）") from None

    def failed(self, code: str, what: str, *, permanent: bool = False) -> OutsideFailed:
        """Something about this receiver, as a Chinese sentence."""
        return OutsideFailed(f"{self.code}_{code}", permanent=permanent, problem=f"{self.whose} {self.title}{what}")

    def _first(self, url: httpx.URL, addresses: list[str], named: httpx.Request, until: float) -> Answer:
        """Of several addresses the later ones are only for what cannot be connected to."""
        for address in addresses[:-1]:
            try:
                return self._from(address, url, named, until)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._from(addresses[-1], url, named, until)

    def _from(self, address: str, url: httpx.URL, named: httpx.Request, until: float) -> Answer:
        """Connected to ``address``; host, certificate and SNI are those of the name."""
        timeout = httpx.Timeout(max(until - time.monotonic(), 0.01)).as_dict()
        pinned = httpx.Request(
            named.method, url.copy_with(host=address), headers=named.headers, content=named.content,
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "timeout": timeout},
        )  # fmt: skip
        with httpx.HTTPTransport() as transport:
            answer = transport.handle_request(pinned)
            try:
                body = _limited(answer, until)
            finally:
                answer.close()
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)


def _limited(answer: httpx.Response, until: float) -> bytes:
    """As it came, not decompressed: nobody asked for that."""
    found = b""
    for part in answer.iter_raw():
        found += part
        if len(found) > LONGEST:
            raise httpx.ReadError("too long")
        if time.monotonic() > until:
            raise httpx.ReadTimeout("too slow")
    return found
