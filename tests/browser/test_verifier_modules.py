"""The verifier's modules in Chromium: the same verdicts as the Python kernel, on good and on spoilt transcripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import transcripts
from shuangsui.web.rendering import static_url
from spoiling import case, flipped, random_flips, vector
from thorough import times

pytestmark = pytest.mark.browser

SUPPORT = Path(__file__).parents[1] / "support"
Ask = Callable[[str, Any], Any]


@pytest.fixture
def ask(open_page: Callable[..., Page], site: Path) -> Ask:
    """``ask(function, value)``: what a function of outcomes.js answers in the browser."""
    module = static_url("js/outcomes.js")
    shutil.copy(SUPPORT / "outcomes.js", site / module.lstrip("/"))
    page = open_page("/yuzhou/")
    script = "async ([module, name, value]) => (await import(module))[name](value)"
    return lambda function, value: page.evaluate(script, [module, function, value])


@pytest.mark.parametrize("name", [f"v{i}" for i in range(1, 8)])
def test_positive_vector_gives_its_verdict_and_warnings(name: str, ask: Ask) -> None:
    """The last line and the set of warnings of every complete transcript."""
    content = vector(name)
    found = ask("outcome", case(content["files"], content["inputs"]["trust"]))
    assert (found["line"], found["warnings"]) == (content["expect"], sorted(content["warnings"]))


def test_negative_vectors_fail_with_their_codes(ask: Ask) -> None:
    """Every case of v8."""
    cases = vector("v8")["cases"]
    found = [ask("outcome", case(c["files"], c["trust"]))["line"] for c in cases]
    assert found == [f"FAIL {c['expect']}" for c in cases]


@pytest.mark.parametrize(("suite", "mode"), [("sha256", "salted"), ("sm3", "public")])
def test_r8_6_no_byte_can_change_unnoticed(suite: str, mode: str, ask: Ask) -> None:
    """Teams, experts, four replacements, a receipt, two checkpoints with exactly a quorum: random flips, a
    thousand in a thorough run.

    Every one fails with the kernel's code, but for a witness's line, which may instead lose ``witnessed``.
    """
    files = transcripts.full(suite, mode).files
    flips = list(random_flips(files, times(1_000, 200), 2026))
    flips += [("checkpoint-1.txt", at, 1 << at % 8) for at in range(len(files["checkpoint-1.txt"]))]
    given = case(files, transcripts.TRUST) | {"flips": flips}
    found = ask("flipLines", given)
    assert found == [transcripts.code(flipped(files, *flip), transcripts.TRUST) for flip in flips]
    assert ask("outcome", given)["line"] == "VERIFIED witnessed" not in found
