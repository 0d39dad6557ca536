"""Whether an authority is at work 机关存续: suspended 停办, being merged or divided 撤并分设, or neither; pure.

Every official act is one entry of the ledger, so the name of the act decides what a state leaves to the authority.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol


class Turn(StrEnum):
    """What a decision does to one authority."""

    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"
    SUCCEED = "succeed"


class Tenure(StrEnum):
    """How an authority stands on a day."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"


TENURES: Mapping[Tenure, str] = {
    Tenure.ACTIVE: "正常", Tenure.SUSPENDED: "暂停办理新事项", Tenure.CLOSING: "撤并，只办结在办事项",
}  # fmt: skip
LEADS_TO: Mapping[Turn, Tenure] = {
    Turn.SUSPEND: Tenure.SUSPENDED, Turn.RESUME: Tenure.ACTIVE, Turn.CLOSE: Tenure.CLOSING,
}  # fmt: skip
"""Taking over what was another's changes nothing of how an authority stands."""


class Change(Protocol):
    """One decision as the authority it is about keeps it."""

    turn: Turn
    since: date


def tenure_on(changes: Iterable[Change], day: date) -> Tenure:
    """How an authority stands on a day, by its ``changes`` in the order in which they were decided."""
    turns = sorted((one for one in changes if one.turn in LEADS_TO and one.since <= day), key=lambda one: one.since)
    if any(one.turn is Turn.CLOSE for one in turns):
        return Tenure.CLOSING
    return LEADS_TO[turns[-1].turn] if turns else Tenure.ACTIVE


def _acts(areas: Mapping[str, str]) -> frozenset[str]:
    return frozenset(f"{area}.{verb}" for area, verbs in areas.items() for verb in verbs.split())


BEGINS = _acts({
    "assignment": "accepted",
    "catalogue": "set hold release review confirm submit return approve publish",
    "dispatch": "sent",
    "draw": "freeze",
    "eligibility": "set",
    "exemption": "request approve",
    "override": "propose decide",
    "plan": (
        "new add_line copy_lines drop_line terminate_line submit approve publish propose_unplanned decide_unplanned"
    ),
})  # fmt: skip
"""Lists, plans, draws: acts from which new inspections come."""

CARRIES_ON = _acts({"task": "dispatch dispatch_again open_case"})
"""The tasks of a draw whose result, or of a case whose approval, is older than the state.

Whoever will be at work again lets them wait; whoever never will be must carry them out, since nobody else can.
"""

FINISHES = _acts({
    "access": "report",
    "assignment": "received handed_back",
    "assistance": "request approve",
    "correction": "accept publish",
    "disclosure": "confirm due_moved make publish refused replay",
    "dispatch": "accepted handed_back redirected",
    "document": "issue",
    "draw": "commitment hand_over object void withdraw",
    "drawlog": "plan event reveal result replace abandon",
    "evidence": "add",
    "examination": "commission report",
    "exemption": "decline refused",
    "feedback": "link read renew slip",
    "finding": "dispose open receipt",
    "form": "attach",
    "notice": "deliver issue materials",
    "record": "add object open refuse resolve sign submit write",
    "rectification": "check submit",
    "recusal": "decide raise",
    "result": "finalise",
    "ruling": "decide propose",
    "takedown": "publish",
    "task": "accept appoint_leader approve_visit begin cancel choose close code end file_code hand_back merge no_code "
            "plan propose_merge propose_visit result",
    "visit": "certificates check_in leave nobody_found recheck",
})  # fmt: skip
"""What brings inspections and publications under way to their end: the law's terms do not stop."""

KEEPS = _acts({
    "access": "tidy",
    "alert": "clear raise",
    "calendar": "import",
    "catalogue": "basis_amended",
    "checkpoint": "cosign make",
    "document": "restore template",
    "factor": "ask enrol reset",
    "form": "import",
    "job": "again",
    "key": "make",
    "keys": "reseal rotate",
    "ledger": "accept",
    "notification": "again drop report send try",
    "password": "change give",
    "plugin": "check disable enable options",
    "registry": "columns confirm discard feed_failed feed_unchanged import pool pool_failed pool_unchanged tidy upload",
    "rules": "approve draft propose refuse withdraw",
    "session": "begin end refuse",
    "staff": "begin end view",
    "tenant": "dump hand_over purge restore take_over",
    "tenure": "approve close propose refuse resume succeed suspend",
    "token": "make revoke",
    "user": "add address deactivate digest grant link oidc reactivate revoke",
    "witness": "cosign watch",
})  # fmt: skip
"""What keeps people, keys, registries and machines in order and begins no inspection."""


def refuses(tenure: Tenure, act: str) -> bool:
    """Whether an authority that stands so does not do this; an act that nobody classified begins something."""
    if tenure is Tenure.ACTIVE or act in FINISHES | KEEPS:
        return False
    return tenure is Tenure.SUSPENDED or act not in CARRIES_ON


def is_work(act: str) -> bool:
    """Whether the act is one of inspections and publications: from the last of these the file's retention runs."""
    return act not in KEEPS
