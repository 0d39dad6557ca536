"""``python -m fairdraw.verify [--trust FILE] DIR``: recompute a published draw, or ask about one company."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fairdraw.checkpoint import Trust, read_trust
from fairdraw.failures import Failure
from fairdraw.lookup import lookup
from fairdraw.messages import TEXTS
from fairdraw.report import counts, warnings
from fairdraw.transcript import read_folder
from fairdraw.verification import Verification


def say(line: str) -> None:
    """One line of output, whatever names a transcript carries: nothing in it can end or overwrite a line."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(shown.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def verify(v: Verification, *, quiet: bool = False) -> str:
    """Run every check, print them with counts and warnings (or what the failure means), answer the verdict line."""
    try:
        for number, check in enumerate(v.run(), 1):
            if not quiet:
                say(f"[{number:2}] 通过  {check.name}：{check.found}")
    except Failure as failure:
        if not quiet:
            say(f"     {TEXTS[failure.code]}")
        return f"FAIL {failure}"
    if not quiet:
        _say_findings(v)
    return v.verdict()


def _say_findings(v: Verification) -> None:
    for line in counts(v):
        say(f"     {line}")
    for warning in warnings(v):
        say(f"WARN {warning.code} {warning.detail}")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 verified (or abandoned by the rules), 1 failed, 2 wrong usage or cannot know."""
    options = _parser().parse_args(argv)
    try:
        trust = read_trust(options.trust.read_text("utf-8-sig")) if options.trust else Trust()
    except (OSError, ValueError) as error:
        say(f"信任名单 {options.trust} 无法使用：{error}")
        return 2
    try:
        files = read_folder(options.dir)
        receipt = options.receipt.read_bytes() if options.receipt else None
    except OSError as error:
        say(f"无法读取 {error.filename}：{error.strerror}")
        return 2
    v = Verification(files, trust)
    verdict = verify(v, quiet=options.object is not None)
    if options.object is not None and not verdict.startswith("FAIL"):
        return lookup(v, options.object, salt=options.salt, receipt=receipt, say=say)
    say(verdict)
    return 1 if verdict.startswith("FAIL") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("fairdraw.verify", description="在自己的电脑上重算一次公开的随机抽取（srd-1）。")
    parser.add_argument("dir", type=Path, metavar="DIR", help="抽取公示档案的文件夹")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="您自己的信任名单；档案里的任何名单都不会被读取")
    parser.add_argument("--object", metavar="CODE", help="查一个单位：是否在名录里、机会多大")
    opening = parser.add_mutually_exclusive_group()
    opening.add_argument("--salt", metavar="HEX", help="该单位自己的盐（32 位十六进制）")
    opening.add_argument("--receipt", type=Path, metavar="FILE", help="该单位的个体查验单")
    return parser


if __name__ == "__main__":
    sys.exit(main())
