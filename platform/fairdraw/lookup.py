"""Was this company in the pool, and with what chance? (srd-1 sections 9.3 and 13)"""

from __future__ import annotations

from collections.abc import Callable

from fairdraw import receipt as receipts
from fairdraw.failures import Failure
from fairdraw.fields import is_salt
from fairdraw.replacement import State
from fairdraw.snapshot import Row, blind
from fairdraw.suites import hasher
from fairdraw.tickets import derive_key, ticket
from fairdraw.verification import Verification

Say = Callable[[str], None]


def lookup(v: Verification, code: str, *, salt: str | None, receipt: bytes | None, say: Say) -> int:
    """Answer for ``code`` over a verified transcript: 0 answered, 1 bad receipt, 2 it cannot be known."""
    try:
        b = _blinded(v, code, salt, receipt)
    except Failure as failure:
        say(f"FAIL {failure}")
        return 1
    except ValueError as error:
        say(f"无法使用：{error}")
        return 2
    row = v.snapshot.row(b) if b else None
    if row is not None:
        for line in describe(v, code, row):
            say(line)
        return 0
    if not v.plan.salted:
        say(f"{code} 不在这次抽取的名录里")
        return 0
    say(f"无法判断 {code} 是否在名录里：名录经盲化，需要该单位自己的盐（--salt）或查验单（--receipt）")
    return 2


def _blinded(v: Verification, code: str, salt: str | None, receipt: bytes | None) -> bytes | None:
    """The blinded id as far as it can be known: by receipt, by salt, by a published opening, in public mode."""
    h = hasher(v.plan["suite"])
    if receipt is not None:
        checked = receipts.read(receipt, v.plan)
        if checked.id != code:
            raise ValueError(f"查验单是 {checked.id} 的，不是 {code} 的")
        return checked.b
    if not v.plan.salted:
        return blind(code, b"", h)
    if salt is not None:
        if not is_salt(salt, salted=True):
            raise ValueError("盐应为 32 位小写十六进制")
        return blind(code, bytes.fromhex(salt), h)
    return next((bytes.fromhex(b) for b, id_ in v.openings.items() if id_ == code), None)


def describe(v: Verification, code: str, row: Row) -> list[str]:
    """What a row means for its company."""
    lines = [f"{code} 在名录里：层 {row.stratum}，权重 {row.weight}"]
    if row.status != "-":
        return [*lines, f"不参加这次抽取，排除代码 {row.status}"]
    weights = v.snapshot.strata[row.stratum].weights
    quota = v.plan["quota"][row.stratum]
    if len(set(weights)) == 1:
        lines.append(f"机会：{quota}/{len(weights)}（名额/本层可抽数）")
    else:
        lines.append(f"机会按权重：本单位 {row.weight}，本层权重合计 {sum(weights)}，名额 {quota}")
    return [*lines, _outcome(v, row)]


def _outcome(v: Verification, row: Row) -> str:
    if v.draw is None or v.state is None:
        return "这次抽取已作废，没有结果"
    h = hasher(v.plan["suite"])
    own = ticket(derive_key(v.draw.seed, f"objects/{row.stratum}", h), row.b, row.weight, h)
    if row.b not in v.state.drawn:
        return f"签号 {own.hex()}，未抽中"
    winners = v.draw.selection.objects[row.stratum]
    chosen = "抽中" if winners and (own, row.b) <= winners[-1] else "候补替换入选"
    return f"签号 {own.hex()}，{chosen}{_since(v.state, row.b)}"


def _since(state: State, b: bytes) -> str:
    """What replacements have done to a drawn object."""
    task = next((t for t, task in enumerate(state.tasks) if task.b == b), None)
    if task is None:
        return "，后因对象无效被替换"
    return "，任务已取消" if task in state.cancelled else ""
