"""Asking a log's outside witnesses what they cosigned last.

``GET <address>/<SHA-256 of the origin, hex>/checkpoint``, the monitoring address of C2SP tlog-witness: it changes
nothing there, and the answer proves itself by the witness's signature.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from hashlib import sha256

import httpx
import structlog

from shuangsui.errors import OutsideFailed
from shuangsui.ledger.heads import Head, stated
from shuangsui.tenancy.schema import OutsideWitness
from shuangsui.tenancy.tenant import Tenant

log = structlog.get_logger(__name__)
SECONDS, ALTOGETHER = 2.0, 6.0
"""For one witness, and for all of them together: whoever waits wants to begin."""
AT_ONCE = 16
LARGEST = 64 << 10

Told = Mapping[str, tuple[list[Head], tuple[str, ...]]]
"""Authority → what its witnesses cosigned last, and the addresses that did not answer."""


def ask(tenants: Iterable[Tenant]) -> Told:
    """Every outside witness of the tenants, several at a time; one that is away is logged and left out."""
    wanted = [(tenant, witness) for tenant in tenants for witness in tenant.outside_witnesses]
    told: dict[str, tuple[list[Head], tuple[str, ...]]] = {tenant.slug: ([], ()) for tenant, _ in wanted}
    if not wanted:
        return told
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = [pool.submit(newest, witness, tenant.log_origin) for tenant, witness in wanted]
    done, _ = wait(asked, ALTOGETHER)
    pool.shutdown(wait=False, cancel_futures=True)
    for (tenant, witness), answer in zip(wanted, asked, strict=True):
        heads, silent = told[tenant.slug]
        if answer in done and not answer.exception():
            heads.extend(filter(None, [answer.result()]))
        else:
            log.warning("witness_unreachable", tenant=tenant.slug, witness=witness.address)
            told[tenant.slug] = (heads, (*silent, witness.address))
    return told


def newest(witness: OutsideWitness, origin: str) -> Head | None:
    """None if it has cosigned nothing of that log; :class:`OutsideFailed` ``witness_unreachable``."""
    address = f"{witness.address}/{sha256(origin.encode()).hexdigest()}/checkpoint"
    try:
        status, data = _got(address)
    except httpx.HTTPError as error:
        raise OutsideFailed("witness_unreachable", witness=witness.address) from error
    if status == httpx.codes.NOT_FOUND:
        return None
    head = stated(data, origin, witness.key) if status == httpx.codes.OK else None
    if head is None:
        raise OutsideFailed("witness_unreachable", witness=witness.address)
    return head


def _got(address: str) -> tuple[int, bytes]:
    """Status and body, not more of it than a checkpoint has, and not slower."""
    until, data = time.monotonic() + SECONDS, b""
    with httpx.stream("GET", address, timeout=SECONDS, follow_redirects=False) as answer:
        for part in answer.iter_bytes():
            data += part
            if len(data) > LARGEST or time.monotonic() > until:
                raise httpx.ReadTimeout("too much or too slow")
        return answer.status_code, data
