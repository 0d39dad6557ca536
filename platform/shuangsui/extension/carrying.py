"""A tenant's folder compared with what is in force, and what follows from the difference: drafts and decisions.

Nothing of a folder comes into force by itself. Rules become a draft that another person must approve, plugins and their
options decisions of a system administrator; all else stays with who keeps the files, and is only named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from shuangsui.db import TenantSession
from shuangsui.extension.overlay import seated
from shuangsui.extension.secrecy import MASK
from shuangsui.extension.switching import Switchboard
from shuangsui.extension.trying import trial
from shuangsui.rules import revising
from shuangsui.rules.policy import FOR_EVER, SINCE_EVER
from shuangsui.rules.revisions import Change
from shuangsui.rules.tables import RuleRevision
from shuangsui.tenancy.folder import plain
from shuangsui.tenancy.schema import RuleEntry, Scalar
from shuangsui.tenancy.tenant import Tenant

Part = Literal["rules", "later", "plugins", "options", "files"]
PARTS = {
    "rules": "规则（写入修订草案）", "later": "以后才施行的规则（请另行拟定修订）", "plugins": "插件",
    "options": "插件选项", "files": "其他设置（由运维人员改配置文件）",
}  # fmt: skip
ATTRIBUTES = (
    "name", "short", "areas", "witnesses", "outside_witnesses", "holidays", "credit_code", "public_numbers", "oidc",
    "caps", "exemptions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """``here``: what is in force; ``there``: what the folder says; None: nothing."""

    part: Part
    key: str
    here: Any
    there: Any


def differences(here: Tenant, there: Tenant, on: date) -> list[Difference]:
    """Everything in which a folder differs from what is in force on the day ``on``."""
    return [*_rules(here, there, on), *_plugins(here, there), *_files(here, there)]


def take_over(
    session: TenantSession, board: Switchboard, there: Tenant, found: Sequence[Difference], *, on: date, actor: str
) -> RuleRevision | None:
    """Make drafts and decisions of the differences; the draft, if rules are among them.

    :class:`NotAllowed` where the actor lacks the verb for one of them: then nothing is done.
    """
    for one in found:
        if one.part == "plugins":
            _switch(session, board, one, actor)
    for plugin in dict.fromkeys(one.key.partition(".")[0] for one in found if one.part == "options"):
        _state(session, board, plugin, found, actor)
    changes = [_change(one.key, there, on) for one in found if one.part == "rules"]
    if not changes:
        return None
    look = trial(session, board.tree, board.settings, on)
    return revising.draft(session, changes, trial=look, today=on, actor=actor)


def in_force(session: TenantSession, board: Switchboard) -> Tenant:
    """The session's tenant as decided and revised."""
    return seated(session, board.tree).get(session.tenant)


def _rules(here: Tenant, there: Tenant, on: date) -> Iterator[Difference]:
    for key in dict.fromkeys(one.entry.key for one in (*here.rules, *there.rules)):
        mine, theirs = _said(here, key, on), _said(there, key, on)
        if mine != theirs:
            yield Difference("rules", key, mine, theirs)
        coming, promised = _later(here, key, on), _later(there, key, on)
        if coming != promised:
            yield Difference("later", key, coming, promised)


def _said(tenant: Tenant, key: str, on: date) -> dict[str, Any] | None:
    """What the tenant itself says of a key on a day, without dates."""
    entry = _entry(tenant, key, on)
    return {name: value for name, value in plain(entry).items() if not name.startswith("valid_")} if entry else None


def _entry(tenant: Tenant, key: str, on: date) -> RuleEntry | None:
    entries = [one.entry for one in tenant.rules if one.entry.key == key]
    return next((one for one in entries if (one.valid_from or SINCE_EVER) <= on <= (one.valid_to or FOR_EVER)), None)


def _later(tenant: Tenant, key: str, on: date) -> list[dict[str, Any]]:
    """What it says from a later day on, and how long it says what it says now."""
    entries = [one.entry for one in tenant.rules if one.entry.key == key]
    ahead = [plain(one) for one in entries if (one.valid_from or SINCE_EVER) > on]
    begun = [one for one in entries if (one.valid_from or SINCE_EVER) <= on]
    ends = [{"valid_to": one.valid_to} for one in begun if one.valid_to and one.valid_to >= on]
    return [*ends, *ahead]


def _plugins(here: Tenant, there: Tenant) -> Iterator[Difference]:
    for name in dict.fromkeys((*here.plugins, *there.plugins)):
        if (name in here.plugins) != (name in there.plugins):
            yield Difference("plugins", name, name in here.plugins, name in there.plugins)
    both = [name for name in here.plugins if name in there.plugins]
    if both != (order := [name for name in there.plugins if name in here.plugins]):
        yield Difference("files", "plugins", both, order)
    keys = [key for key in dict.fromkeys((*here.settings, *there.settings)) if key.startswith("options.")]
    for key in keys:
        mine, theirs = (one.settings[key].value if key in one.settings else None for one in (here, there))
        if mine != theirs:
            yield Difference("options", key.removeprefix("options."), mine, theirs)


def _files(here: Tenant, there: Tenant) -> Iterator[Difference]:
    for name in ATTRIBUTES:
        mine, theirs = (_plain(getattr(one, name)) for one in (here, there))
        if mine != theirs:
            yield Difference("files", name, mine, theirs)
    for key in dict.fromkeys((*here.own, *there.own)):
        if key.partition(".")[0] in ("options", "plugins", *ATTRIBUTES):
            continue
        mine, theirs = (one.own[key].value if key in one.own else None for one in (here, there))
        if mine != theirs:
            yield Difference("files", key, mine, theirs)


def _plain(value: Any) -> Any:
    """Entries with their places are compared by what they say."""
    return [getattr(one, "entry", one) for one in value] if isinstance(value, tuple) else value


def _switch(session: TenantSession, board: Switchboard, one: Difference, actor: str) -> None:
    act = board.switch_on if one.there else board.switch_off
    act(session, one.key, actor=actor)
    session.flush()


def _state(session: TenantSession, board: Switchboard, plugin: str, found: Sequence[Difference], actor: str) -> None:
    """Options that the folder leaves out are inherited again; the others get its values."""
    mine = {one.key.partition(".")[2]: one.there for one in found if one.part == "options"
            and one.key.partition(".")[0] == plugin}  # fmt: skip
    values: dict[str, Scalar] = {key: value for key, value in mine.items() if value is not None}
    if values:
        board.set_options(session, plugin, values, actor=actor)
    for key in (key for key, value in mine.items() if value is None):
        board.reset_option(session, plugin, key, actor=actor)


def _change(key: str, there: Tenant, on: date) -> Change:
    entry = _entry(there, key, on)
    if entry is None:
        return Change(key, "inherit")
    return Change(key, "set", entry.value, entry.article, entry.own_basis, entry.mode, entry.text)


def as_json(found: Sequence[Difference], sealed: Collection[str]) -> list[dict[str, Any]]:
    """For people and programs; of the options that are secrets, by their dotted keys, that they are there."""
    return [asdict(_masked(one) if f"{one.part}.{one.key}" in sealed else one) for one in found]


def _masked(one: Difference) -> Difference:
    here, there = (MASK if value else value for value in (one.here, one.there))
    return replace(one, here=here, there=there)
