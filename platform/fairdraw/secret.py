"""A contributor's own tool: make a secret for a draft plan, and hand it out only when nothing can be steered any more.

``python -m fairdraw.secret new PLAN-DRAFT --who NAME`` and ``python -m fairdraw.secret reveal --trust FILE DIR``.
Run it on a machine of your own. The secret file never leaves that machine.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fairdraw import ed25519, seed
from fairdraw.checkpoint import Trust, read_trust
from fairdraw.failures import Failure, require
from fairdraw.fields import has_members, is_hex64, is_int, is_text
from fairdraw.messages import TEXTS
from fairdraw.suites import SUITES, hasher
from fairdraw.transcript import needed, read_folder
from fairdraw.verification import Verification
from fairdraw.verify import say

Json = Mapping[str, Any]

MEMBERS = ("who", "origin", "seq", "suite", "length", "c0", "commit", "sig")
"""Members of a secret file."""


def read_key(text: str) -> bytes:
    """A 32-byte key written as 64 hex digits; :class:`ValueError` for anything else."""
    if not is_hex64(text.strip()):
        raise ValueError("密钥应为 64 位小写十六进制")
    return bytes.fromhex(text.strip())


def read_draft(text: str) -> Json:
    """The draft of a plan, complete but for the commitments; :class:`ValueError` if it cannot be one."""
    draft: Json = json.loads(text)
    try:
        sound = is_int(draft["seq"], 1) and is_int(draft["replacements"], 0, 1000) and is_text(draft["origin"])
        sound = sound and draft["suite"] in SUITES and bool(describe(draft))
    except (KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise ValueError("抽取方案草案不完整或取值不合规定")
    return draft


def read_secret(text: str) -> Json:
    """The secret file that ``new`` wrote; :class:`ValueError` if it cannot be one."""
    secret: Json = json.loads(text)
    sound = has_members(secret, *MEMBERS) and secret["suite"] in SUITES and is_hex64(secret["c0"])
    if not (sound and is_int(secret["length"], 0, 1000) and is_text(secret["who"])):
        raise ValueError("这不是随机数文件")
    return secret


def make(draft: Json, who: str, c0: bytes, private: bytes | None) -> dict[str, Any]:
    """The secret file of a contributor: ``c_0``, the chain's length, commitment and signature (srd-1 5.2)."""
    h, origin, seq = hasher(draft["suite"]), draft["origin"], draft["seq"]
    last = seed.chain(c0, draft["replacements"], h)[-1]
    commit = h(seed.commitment_input(origin, seq, who, last))
    message = seed.contributor_message(origin, seq, commit)
    sig = base64.b64encode(ed25519.sign(private, message)).decode() if private else None
    chain = {"suite": draft["suite"], "length": draft["replacements"], "c0": c0.hex()}
    return {"who": who, "origin": origin, "seq": seq, **chain, "commit": commit.hex(), "sig": sig}


def describe(draft: Json) -> list[str]:
    """In plain words what a commitment to this draft takes part in."""
    events = "、".join(f"{event['name']}（{event['at']} 之后）" for event in draft["events"])
    people = "、".join(c["who"] for c in draft["contributors"])
    snapshot = draft["snapshot"]
    return [
        f"机关 {draft['tenant']}，事项 {draft['item']}，依据 {draft['basis']}",
        f"名录 {snapshot['n']} 行，可抽 {sum(snapshot['eligible'].values())}，名额 {sum(draft['quota'].values())}",
        f"名录根 {snapshot['root']}",
        f"日志 {draft['origin']}，第 {draft['seq']} 号方案；随机数贡献方：{people}",
        f"公开随机事件：{events}；最迟揭示 {draft['reveal_by']}；人员替换最多 {draft['replacements']} 次",
        "您承诺的随机数在随机事件发生之前不得告诉任何人。",
    ]


def link_to_reveal(v: Verification, secret: Json) -> tuple[int, bytes]:
    """``(r, link)`` that may be handed out now; :class:`~fairdraw.failures.Failure` says what is still missing.

    The three conditions of srd-1 5.2: the plan's bytes with this commitment, a quorum-cosigned checkpoint over a
    log with exactly this plan at this seq, and every EVENT logged. A later link needs its open request in the log.
    """
    for name in ("plan.json", "log.jsonl"):
        needed(v.files, name)
    v.check_plan()
    v.check_log()
    v.check_plan_entry()
    links = seed.chain(bytes.fromhex(secret["c0"]), secret["length"], hasher(secret["suite"]))
    _require_own(v, secret, links[-1])
    v.check_checkpoints()
    _require_witnesses(v)
    v.check_events()
    require(v.abandon() is None, "ABANDONED", "本次抽取已作废，不必揭示")
    return _next(v, secret["who"], links)


def _require_own(v: Verification, secret: Json, last: bytes) -> None:
    opened = seed.commitment_input(v.plan["origin"], v.plan["seq"], secret["who"], last)
    mine = (secret["who"], hasher(v.plan["suite"])(opened).hex())
    require(mine in [(c["who"], c["commit"]) for c in v.plan["contributors"]], "NOT_MINE", "方案里没有您的这份承诺")


def _require_witnesses(v: Verification) -> None:
    plan = v.entries[0].i
    events = [e.i for e in v.entries if e.kind == "EVENT"]
    after = min(events, default=len(v.log.entries))
    seen = any(plan < c.size <= after and v.has_quorum(c) for c in v.checkpoints)
    require(seen, "UNWITNESSED", "还没有足够见证方签名的检查点覆盖这份方案")


def _next(v: Verification, who: str, links: Sequence[bytes]) -> tuple[int, bytes]:
    """``c_L`` for the draw, ``c_{L-j}`` for the j-th person replacement that is open."""
    said = {e.r for e in v.of_kind("REVEAL") if e.body["who"] == who}
    if not v.of_kind("RESULT", 0):
        require(0 not in said, "REVEALED", "您的随机数已经登记")
        return 0, links[-1]
    requests = [e for e in v.of_kind("REPLACE") if e.body["what"] == "person"]
    closed = {e.r for e in v.entries if e.kind in ("RESULT", "ABANDON")}
    is_open = bool(requests) and requests[-1].r not in closed | said
    require(is_open, "NOTHING_OPEN", "没有等待您揭示的替换申请")
    require(len(requests) < len(links), "CHAIN_USED_UP", "准备的随机数已经用完")
    return requests[-1].r, links[-1 - len(requests)]


def new(options: argparse.Namespace) -> int:
    """Make a secret, keep it in ``--out``, print commitment and signature."""
    draft = read_draft(options.draft.read_text("utf-8-sig"))
    for line in describe(draft):
        say(line)
    named = [c["who"] for c in draft["contributors"]]
    if options.who not in named:
        raise ValueError(f"草案里没有名为“{options.who}”的贡献方，只有：{'、'.join(named)}")
    private = read_key(options.key.read_text("utf-8-sig")) if options.key else None
    secret = make(draft, options.who, secrets.token_bytes(32), private)
    out = options.out or Path(f"secret-{secret['seq']}-{options.who}.json")
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(secret, file, ensure_ascii=False)
    say(f"随机数已存入 {out}，请勿外传")
    say(f"commit {secret['commit']}")
    if secret["sig"]:
        say(f"sig {secret['sig']}")
    return 0


def reveal(options: argparse.Namespace) -> int:
    """Check the published state, then print the link that is due."""
    secret = read_secret(options.secret.read_text("utf-8-sig"))
    trust: Trust = read_trust(options.trust.read_text("utf-8-sig"))
    try:
        r, link = link_to_reveal(Verification(read_folder(options.dir), trust), secret)
    except Failure as failure:
        say(f"不能揭示：{TEXTS.get(failure.code, failure.detail)}（{failure.code}）")
        return 1
    say(f"r {r}")
    say(f"value {link.hex()}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 done, 1 must not be revealed yet, 2 wrong usage."""
    parser = argparse.ArgumentParser("fairdraw.secret", description="随机数贡献方自己的工具（srd-1 第 5.2 条）。")
    commands = parser.add_subparsers(required=True)
    first = commands.add_parser("new", help="为一份方案草案生成随机数和承诺")
    first.add_argument("draft", type=Path, metavar="PLAN-DRAFT")
    first.add_argument("--who", required=True, help="您在方案里的名称")
    first.add_argument("--key", type=Path, help="您的 Ed25519 私钥（64 位十六进制）")
    first.add_argument("--out", type=Path, help="随机数存放的文件")
    first.set_defaults(run=new)
    second = commands.add_parser("reveal", help="核对公开状态后给出应揭示的数值")
    second.add_argument("dir", type=Path, metavar="DIR")
    second.add_argument("--trust", type=Path, required=True, metavar="FILE")
    second.add_argument("--secret", type=Path, required=True, metavar="FILE")
    second.set_defaults(run=reveal)
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except (OSError, ValueError) as error:
        say(f"无法办理：{error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
