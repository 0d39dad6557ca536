"""The exporter: one signed request for each revision, and what the receiver's answer is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shuangsui import ContentRefused, Disclosed, Health, OutsideFailed, Package, Receipt
from shuangsui_channel_webhook.message import SCHEMA, envelope
from shuangsui_channel_webhook.options import PUBLIC_KINDS, Options
from shuangsui_channel_webhook.signing import opened, signed, signer
from shuangsui_exporter_kit import json_package
from shuangsui_outbound_kit import PASSING, Answer, Way

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Webhook:
    """To one receiver; ``secret`` names the environment variable, ``by_status`` asks for no signed receipt."""

    way: Way
    secret: str
    by_status: bool
    name: str
    kinds: tuple[str, ...]
    duty: str = ""

    @classmethod
    def of(cls, name: str, address: str, options: Options) -> Webhook:
        """As the options say."""
        title, seconds = f"{name}（{address}）", options.timeout_seconds
        way = Way("webhook", "接收方", title, address, seconds, options.allow_private)
        return cls(way, options.secret_of(name), options.receipt == "status", name, options.kinds)

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of every kind."""
        return SCHEMA

    def takes(self, item: Disclosed) -> bool:
        """All of the kinds."""
        return item.kind in self.kinds

    def convert(self, item: Disclosed) -> Package:
        """The envelope; a notice is for its recipients only, whatever the kinds say."""
        if item.kind not in PUBLIC_KINDS:
            raise ContentRefused("材料种类", "定向通报只发给指定的单位，不得推送")
        return json_package(item, envelope(item))

    def send(self, package: Package) -> Receipt:
        """Push it; the receiver knows a repeat by ``webhook-id``. Confirmed by the receipt that it signs."""
        key, number = signer(self.secret), f"{package.external_id}-{package.revision}"
        headers = {"Content-Type": package.media_type, "User-Agent": "shuangsui", **signed(key, number, package.data)}
        answer = self.way.asked("POST", headers, package.data)
        self._accepted(answer)
        if self.by_status:
            return Receipt(self.name, number, package.digest, confirmed=True)
        receipt = opened(key, answer.headers, answer.body)
        if receipt is None:
            raise self.way.failed("receipt", "答复了 2xx，但没有用同一密钥签名的回执，不能算送达")
        if tuple(receipt.get(name) for name in ("external_id", "revision", "digest")) != (
            package.external_id, package.revision, package.digest,
        ):  # fmt: skip
            raise self.way.failed("receipt", "的回执说的不是这份材料，不能算送达")
        reference = str(receipt.get("reference") or number)[:_LONGEST]
        return Receipt(self.name, reference, package.digest, confirmed=True, at=_at(receipt))

    def read_back(self, package: Package) -> Receipt:
        """There is nothing to look at: only an answer to ``send`` confirms."""
        return Receipt(self.name, f"{package.external_id}-{package.revision}", "", confirmed=False)

    def check(self) -> Health:
        """Whether there is a secret, and somebody who answers at an address that may be connected to."""
        try:
            signer(self.secret)
            self.way.asked("OPTIONS", {"User-Agent": "shuangsui"})
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"接收方 {self.name}（{self.way.address}）可以连接，签名密钥已设置。")

    def _accepted(self, answer: Answer) -> None:
        """Nothing for 2xx; else :class:`OutsideFailed`, for good where trying again changes nothing."""
        if 200 <= answer.status < 300:
            return
        if 300 <= answer.status < 400:
            raise self.way.failed("refuses", f"答复 {answer.status}，要求转到别处，不跟随；请改正网址", permanent=True)
        permanent = answer.status < 500 and answer.status not in PASSING
        raise self.way.failed("refuses", f"答复 {answer.status}，没有收下", permanent=permanent)


def _at(receipt: Mapping[str, Any]) -> datetime | None:
    """The receiver's own time; one without a zone is none."""
    try:
        at = datetime.fromisoformat(str(receipt.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else None
