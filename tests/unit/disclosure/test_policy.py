"""When something counts as public."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuangsui.contracts import Bundle, PublicFile, Receipt
from shuangsui.disclosure.messages import NOT_CONFIRMED
from shuangsui.disclosure.policy import Outcome, PublicationState, judge, media_type, state_of

BUNDLE = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))
GOOD = Receipt("portal", "/moushi/", BUNDLE.digest, confirmed=True)


@pytest.mark.parametrize(
    ("receipt", "problem"),
    [
        (GOOD, ""),
        (replace(GOOD, confirmed=False), NOT_CONFIRMED),
        (replace(GOOD, digest="0" * 64), NOT_CONFIRMED),
    ],
)
def test_only_the_same_bytes_read_back_are_public(receipt, problem):
    """HTTP 200 is no proof, and neither is a channel that confirms something else."""
    assert judge("portal", BUNDLE, receipt).problem == problem


@pytest.mark.parametrize(
    ("problems", "state"),
    [([""], "confirmed"), (["", ""], "confirmed"), (["", "down"], "failed"), (["down"], "failed"), ([], "failed")],
)
def test_every_channel_must_confirm(problems, state):
    """One that does not is enough, and so is having none."""
    assert state_of([Outcome("portal", GOOD, problem) for problem in problems]) == PublicationState(state)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("draws/1/index.json", "application/json"),
        ("log.jsonl", "application/jsonl; charset=utf-8"),
        ("fairdraw.pyz", "application/octet-stream"),
        ("html", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_media_type_by_ending(path, kind):
    """What is unknown is for download only."""
    assert media_type(path) == kind
