"""`make fairness`: a hundred thousand draws for each question; how far what came is from what chance gives.

Honest draws must not be told from chance (p above :data:`trials.ALPHA`), crooked ones must.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from trials import ALPHA, answers  # noqa: E402 - the support of the tests is no package


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 where an answer is not the one that must come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "fairness.json")
    wish = parser.parse_args(arguments)
    begun = time.monotonic()
    found = answers(wish.draws)
    for answer in found:
        print(f"{answer.title:<64} p = {answer.p:.4f}{'' if answer.good else '  WRONG'}")
    wrong = [answer.title for answer in found if not answer.good]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    report = {
        "target": "fairness", "commit": commit.stdout.strip(), "draws": wish.draws, "alpha": ALPHA,
        "checks": len(found), "failures": len(wrong), "p": {answer.title: answer.p for answer in found},
    }  # fmt: skip
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(f"{wish.draws:,} draws each, alpha {ALPHA}, {len(wrong)} wrong, {time.monotonic() - begun:.0f} s")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
