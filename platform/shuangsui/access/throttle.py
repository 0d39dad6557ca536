"""How often somebody may fail: per login, so that nobody guesses at one password, and per address of the network, so
that nobody tries one password on every login.

What is counted and answered never depends on whether a login exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from shuangsui.access.policy import LOGIN
from shuangsui.access.tables import AddressThrottle, SignInThrottle, Throttle
from shuangsui.db import TenantSession

WINDOW = timedelta(minutes=15)
FAILURES = 5
"""Of one login in the window; then a pause as long as the window."""
FROM_ONE_ADDRESS = 50
"""Many people may sit behind one address of an office."""
NETWORK = 64
"""Whoever has one address of IPv6 has a whole network of them."""


def paused(session: TenantSession, login: str, address: str, moment: datetime, *, locked: bool = True) -> bool:
    """Whether nobody gets in now with this login, or from this address; ``locked`` until the transaction ends."""
    return any(row.until and row.until > moment for row in _rows(session, login, address, locked=locked))


def count(session: TenantSession, login: str, address: str, moment: datetime) -> None:
    """One more failure; rows that nobody needs any more are cleared away."""
    rows = {type(row): row for row in _rows(session, login, address, locked=True)}
    _clear(session, rows, moment)
    if LOGIN.fullmatch(login):
        _add(session, rows.get(SignInThrottle) or SignInThrottle(login=login, since=moment), FAILURES, moment)
    if known := place(address):
        made = rows.get(AddressThrottle) or AddressThrottle(address=known, since=moment)
        _add(session, made, FROM_ONE_ADDRESS, moment)


def forgive(session: TenantSession, login: str) -> None:
    """Forget the failures of a login; those of an address stay: one good password would pay for many guesses."""
    if row := session.get(SignInThrottle, login):
        session.delete(row)


def place(address: str) -> str:
    """What is counted as one address; empty for what is none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(ip, "ipv4_mapped", None)
    if ip.version == 4 or mapped:
        return str(mapped or ip)
    return str(ip_network(f"{ip}/{NETWORK}", strict=False))


def _add(session: TenantSession, row: Throttle, most: int, moment: datetime) -> None:
    if row.until or row.since < moment - WINDOW:
        row.failures, row.since, row.until = 0, moment, None
    row.failures += 1
    row.until = moment + WINDOW if row.failures >= most else None
    session.add(row)


def _rows(session: TenantSession, login: str, address: str, *, locked: bool) -> Iterator[Throttle]:
    queries: tuple[Any, ...] = (
        select(SignInThrottle).where(SignInThrottle.login == login),
        select(AddressThrottle).where(AddressThrottle.address == place(address)),
    )
    for query in queries:
        if row := session.exec(query.with_for_update() if locked else query).one_or_none():
            yield row


def _clear(session: TenantSession, kept: dict[type[Throttle], Throttle], moment: datetime) -> None:
    for kind, key in ((SignInThrottle, "login"), (AddressThrottle, "address")):
        mine = getattr(kept.get(kind), key, "")
        old = col(kind.since) < moment - 2 * WINDOW
        session.execute(delete(kind).where(old, col(getattr(kind, key)) != mine))
