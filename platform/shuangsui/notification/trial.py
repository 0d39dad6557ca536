"""Trying a notifier: whether it could work, and one message that only shows that messages arrive."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from shuangsui.access.service import require
from shuangsui.contracts import Health
from shuangsui.db import TenantSession, new_id, now
from shuangsui.errors import NotFound, OutsideFailed
from shuangsui.extension.isolation import Absent, LoadedNotifier
from shuangsui.ledger.service import record
from shuangsui.notification import policy, recipients
from shuangsui.notification.messages import ADDRESSES, TRIAL
from shuangsui.notified import Message, MessageReceipt
from shuangsui.vault.service import Vault

AT_ONCE = 8
Found = Sequence[LoadedNotifier | Absent]


def chosen(found: Found, key: str) -> LoadedNotifier:
    """The notifier ``plugin/name``; :class:`NotFound` ``notifier_missing``, or the failure of its plugin."""
    for one in found:
        if isinstance(one, Absent) and one.plugin == key.partition("/")[0]:
            raise one.error
        if isinstance(one, LoadedNotifier) and one.key == key:
            return one
    known = "、".join(one.key for one in found if isinstance(one, LoadedNotifier)) or "（无）"
    raise NotFound("notifier_missing", notifier=key, known=known)


def health(one: LoadedNotifier | Absent) -> Health | OutsideFailed:
    """Whether it could work now, or why nobody can say."""
    try:
        return one.check()
    except OutsideFailed as error:
        return error


def asked(found: Found) -> list[Health | OutsideFailed]:
    """All of them at once, in their order: one that is slow keeps no other waiting."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(health, found))


def message(session: TenantSession, vault: Vault, way: LoadedNotifier, login: str, *, by: str) -> Message:
    """A trial message to somebody who works here; :class:`NotFound` ``address_missing``. Noted in the ledger.

    Errors as of :meth:`Vault.open` where the address cannot be opened.
    """
    require(session, by, "manage_settings")
    person = recipients.reached(session, login)
    if way.address_kind not in person.addresses:
        raise NotFound("address_missing", login=login, kind=ADDRESSES[way.address_kind])
    record(session, "notification.try", actor=by, subject=way.key, payload={"to": login})
    title, text = TRIAL
    address = person.address(vault, way.address_kind)
    return Message(str(new_id()), "test", title, text, address, policy.CONSOLE, now(session))


def send(way: LoadedNotifier, made: Message) -> MessageReceipt:
    """Outside every transaction; :class:`OutsideFailed` says why it did not arrive."""
    return way.send(made)
