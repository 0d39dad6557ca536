"""`make helm`: the chart rendered and judged without a cluster, in every profile, and a table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "var" / "reports" / "helm.json"
sys.path[:0] = [str(ROOT / "tests" / "support")]

from charts import KUBERNETES, problems, profiles, rendered, values_table  # noqa: E402 - the support of the tests is no package

TITLES = ("配置", "对象", *(f"Kubernetes {version}" for version in KUBERNETES))


def judge() -> dict[str, dict[str, list[str]]]:
    """Print a line for each profile; what was found, by profile and version of Kubernetes."""
    found = {}
    print("\t".join(TITLES))
    for name, values in profiles().items():
        found[name] = {version: problems(values, version) for version in KUBERNETES}
        said = ("；".join(one) or "通过" for one in found[name].values())
        print("\t".join((name, str(len(rendered(values))), *said)), flush=True)
    return found


def main() -> int:
    """Exit status: 0 if nothing was found and every test of the chart passed."""
    if sys.argv[1:] == ["--table"]:
        print(values_table())
        return 0
    found = judge()
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/helm"], cwd=ROOT, check=False).returncode
    failures = sum(bool(one) for versions in found.values() for one in versions.values()) + (tests != 0)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "helm", "commit": commit.stdout.strip(), "checks": len(found) * len(KUBERNETES) + 1,
        "failures": failures, "skipped": [{"what": "installation in a cluster", "why": "there is none here"}],
        "figures": found,
    }  # fmt: skip
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
