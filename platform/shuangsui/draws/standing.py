"""Where a draw stands, found out by the kernel's own verification of what the database holds."""

from __future__ import annotations

import re

from fairdraw.replacement import State
from fairdraw.verification import BEFORE, Verification
from shuangsui.db import TenantSession
from shuangsui.draws.kernels import kernel
from shuangsui.draws.office import file_names, get_file, log_bytes
from shuangsui.draws.tables import Draw

PUBLIC_FILES = ("plan.json", "rows.txt", "result.json")
PROOF = re.compile(r"event-[1-4]\.json")
"""What shows that an event's value is genuine; verifiers of the transcript do not need it."""


def proof_name(position: int) -> str:
    """The file of the event at this position of the plan, from 0."""
    return f"event-{position + 1}.json"


def stored_files(session: TenantSession, draw: Draw) -> dict[str, bytes]:
    """Kept files that belong to the transcript, with the log as it is now."""
    kept = file_names(session, draw)
    files = {
        name: get_file(session, draw, name) for name in sorted(kept) if name in PUBLIC_FILES or PROOF.fullmatch(name)
    }
    return files | {"log.jsonl": log_bytes(session), "openings.json": b"{}"}


def state_of(session: TenantSession, draw: Draw) -> State:
    """The state of a drawn draw after every replacement, an open one included: seats emptied, links so far taken.

    :class:`~fairdraw.failures.Failure` if the database holds what no verifier would accept.
    """
    v = Verification(stored_files(session, draw), kernel=kernel)
    for _, step in BEFORE:
        step(v)
    v.check_result()
    v.check_draw()
    return v.apply_replacements()
