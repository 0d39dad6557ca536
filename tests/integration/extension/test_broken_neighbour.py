"""A whole process with broken distributions in it: commands work, the portal publishes, the rows are listed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from distributions import install

ROOT = Path(__file__).parents[3]
COMMAND = "import sys; from shuangsui.cli.plugin import app; app(sys.argv[1:])"
CHANNELS = """
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.extension.service import channels
from shuangsui.settings import Settings
from shuangsui.tenancy import tree

(tenant,) = tree.load(Settings().tenants)
(portal,) = channels(tenant)
bundle = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))
portal.publish(bundle)
print(portal.read_back(bundle).confirmed)
"""
BROKEN = {
    "import-error": "import a_module_that_is_not_there\n",
    "misspelt": "from shuangsui import hookimpl\napi = 1\n@hookimpl\ndef register_disclosure_chanels(): ...\n",
    "exits": "raise SystemExit(7)\n",
}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An installation whose tenant has the portal switched on, and every broken plugin before it."""
    packages, tenant = tmp_path / "packages", tmp_path / "tenants" / "moushi"
    packages.mkdir()
    tenant.mkdir(parents=True)
    for name, source in BROKEN.items():
        install(packages, name, source)
    head = 'slug = "moushi"\nname = "某市"\nshort = "某市"\nlog_domain = "a.example"\nportal_title = "x"\n'
    (tenant / "tenant.toml").write_text(f"{head}plugins = {[*BROKEN, 'channel-portal']}\n", encoding="utf-8")
    paths = {"SHUANGSUI_VAR": tmp_path / "var", "SHUANGSUI_TENANTS": tmp_path / "tenants", "PYTHONPATH": packages}
    return {**os.environ, **{name: str(path) for name, path in paths.items()}}


def run(source: str, *words: str, env: dict[str, str]) -> str:
    command = [sys.executable, "-c", source, *words]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_list_names_the_broken_and_exits_in_good_order(env):
    """One JSON document on standard output, with the traceback of each."""
    rows = {row["name"]: row for row in json.loads(run(COMMAND, "list", "--tenant", "moushi", "--json", env=env))}
    assert {name: rows[name]["state"] for name in (*BROKEN, "channel-portal")} == {
        **dict.fromkeys(BROKEN, "broken"),
        "channel-portal": "enabled",
    }
    assert all("Traceback" in rows[name]["error"] for name in BROKEN)


def test_portal_publishes_beside_them(env):
    """Confirmed by reading back."""
    assert run(CHANNELS, env=env) == "True\n"


def test_allow_list_keeps_them_from_being_imported(env):
    """Only the portal is allowed; the others, first-party ones too, are rows without a traceback."""
    rows = json.loads(run(COMMAND, "list", "--json", env={**env, "SHUANGSUI_PLUGINS": "channel-portal"}))
    names = {row["name"] for row in rows}
    assert names >= {"channel-portal", *BROKEN}
    assert {(row["name"], row["state"], row["error"]) for row in rows} == {
        ("channel-portal", "loaded", None),
        *((name, "blocked", None) for name in names - {"channel-portal"}),
    }
