"""Programs that tests, measurements and drills look for; installed where the machine lacks them and allows it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable

PACKAGES = {
    "chromium": ["chromium", "fonts-noto-cjk"],
    "nginx": ["nginx-light"],
    "node": ["nodejs"],
    "rabbitmq-server": ["rabbitmq-server"],
    "redis-server": ["redis-server"],
}
"""Program → Debian packages that bring it."""


def provide(*programs: str) -> list[str]:
    """Install what is missing of these, or of all, where that is possible; a line for each that stays missing."""
    wanted = programs or tuple(PACKAGES)
    missing = absent(wanted)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [package for program in missing for package in PACKAGES[program]]
        quietly(["apt-get", "update"])
        quietly(["apt-get", "install", "--yes", "--no-install-recommends", *packages])
    return [f"{program}: not installed" for program in absent(wanted)]


def absent(programs: Iterable[str]) -> list[str]:
    """Those that are not on the path."""
    return [program for program in programs if shutil.which(program) is None]


def quietly(command: list[str]) -> None:
    """Run a package manager's command; whether it helped shows in what is there afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, capture_output=True, check=False)
