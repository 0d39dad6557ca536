"""A round of drand as a public event: fixed in the plan, fetched from whoever has it, verified by anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from shuangsui import EntropyEvent, EntropyValue, Health, OutsideFailed
from shuangsui_entropy_drand.bls import is_genuine
from shuangsui_entropy_drand.chains import CHAINS, Chain
from shuangsui_entropy_drand.relay import Relays, Unhelpful

_HEX = re.compile(r"(?:[0-9a-f]{2}){1,96}")


@dataclass(frozen=True, slots=True)
class Drand:
    """``margin``: so many seconds at least lie between the time asked for and the round's own."""

    chain: Chain
    margin: int
    relays: Relays
    name: str = "drand"
    kind: Literal["drand"] = "drand"
    network: bool = True

    def plan(self, name: str, at: datetime, digits: int) -> EntropyEvent:  # noqa: ARG002 - of ceremonies only
        """The first round after the margin; the event's time is the round's."""
        round_ = self.chain.first_round(at + timedelta(seconds=self.margin))
        return EntropyEvent(name, self.kind, self.chain.time_of(round_), {"chain": self.chain.hash, "round": round_})

    def fetch(self, event: EntropyEvent) -> EntropyValue:
        """The first relay's answer that verifies; who forged or failed is named if none does."""
        chain, round_ = _fixed(event)
        reasons = []
        for address, said in self.relays.asked(chain, f"public/{round_}"):
            if isinstance(said, Unhelpful):
                reasons.append(f"{address} {said}")
                continue
            value = _value(chain, said)
            if value and fault(event, value) is None:
                return value
            reasons.append(f"{address} 的数值不是第 {round_} 轮的，或者签名不对")
        problem = f"没有取到 drand 第 {round_} 轮的数值：{'；'.join(reasons)}"
        raise OutsideFailed("drand_unavailable", problem=problem)

    def verify(self, event: EntropyEvent, value: EntropyValue) -> None:
        """Whatever the chain of the event did not sign for its round."""
        if (problem := fault(event, value)) is not None:
            raise OutsideFailed("drand_forged", permanent=True, problem=problem)

    def check(self) -> Health:
        """Whether a relay answers with the pinned key."""
        reasons = []
        for address, said in self.relays.asked(self.chain, "info"):
            if not isinstance(said, Unhelpful) and said.get("public_key") == self.chain.key.hex():
                return Health(ok=True, message=f"中继 {address} 可以连接，公钥相符。")
            reasons.append(f"{address} {said if isinstance(said, Unhelpful) else '的公钥不符'}")
        return Health(ok=False, message=f"没有可用的中继：{'；'.join(reasons)}。")


def fault(event: EntropyEvent, value: EntropyValue) -> str | None:
    """Why ``value`` is not what came out of ``event``, a Chinese clause; None if it is."""
    chain, round_ = _fixed(event)
    signature, previous = _bytes(value.proof.get("signature")), _bytes(value.proof.get("previous_signature", ""))
    if signature is None or previous is None or dict(value.proof) != _proof(chain, signature, previous):
        return f"drand 第 {round_} 轮的证明不完整"
    if value.value != sha256(signature).hexdigest():
        return f"drand 第 {round_} 轮的数值不是其签名的摘要"
    return None if is_genuine(chain, round_, signature, previous) else f"drand 第 {round_} 轮的签名不对"


def _fixed(event: EntropyEvent) -> tuple[Chain, int]:
    """Chain and round of an event; they may be those of an earlier configuration."""
    chain, round_ = CHAINS.get(str(event.facts.get("chain"))), event.facts.get("round")
    if event.kind != "drand" or chain is None or not isinstance(round_, int):
        raise OutsideFailed("drand_unknown", permanent=True, problem=f"{event.name} 不是已知的 drand 链的一轮")
    return chain, round_


def _value(chain: Chain, said: Mapping[str, Any]) -> EntropyValue | None:
    signature, previous = _bytes(said.get("signature")), _bytes(said.get("previous_signature", ""))
    if signature is None or previous is None:
        return None
    return EntropyValue(sha256(signature).hexdigest(), _proof(chain, signature, previous))


def _proof(chain: Chain, signature: bytes, previous: bytes) -> dict[str, str | int]:
    """What a citizen needs besides the event itself."""
    proof: dict[str, str | int] = {
        "scheme": chain.scheme, "public_key": chain.key.hex(), "signature": signature.hex()
    }  # fmt: skip
    return proof | ({"previous_signature": previous.hex()} if chain.chained else {})


def _bytes(text: object) -> bytes | None:
    """Bytes of lower-case hex; an empty text is none."""
    if text == "":
        return b""
    return bytes.fromhex(text) if isinstance(text, str) and _HEX.fullmatch(text) else None
