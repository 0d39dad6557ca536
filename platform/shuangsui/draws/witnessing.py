"""Cosignatures for checkpoints: the tenants named in ``witnesses`` look at the log and sign, each in its own session.

In one installation the witnesses are only as independent as their keys; a reader trusts them accordingly (srd-1 2).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlmodel import select

from shuangsui.db import TenantSession
from shuangsui.db import session as open_session
from shuangsui.draws.office import Office
from shuangsui.errors import NotFound
from shuangsui.ledger import service as ledger
from shuangsui.ledger import witness
from shuangsui.ledger.keys import verifier_key
from shuangsui.ledger.tables import KeyRole, SigningKey
from shuangsui.ledger.witness import witness_name


def collect(engine: Engine, office: Office, *, actor: str) -> list[str]:
    """Sign the log as it is and ask every witness to cosign; the slugs of those that did, nobody for an empty log."""
    with open_session(engine, office.tenant.slug) as session:
        lines = ledger.draw_log(session)
        if not lines:
            return []
        newest = ledger.make_checkpoint(session, office.log_signer(session, actor=actor), actor=actor)
        key = _vkey(session, KeyRole.LOG, office.tenant.log_origin)
    for slug in office.tenant.witnesses:
        if f"\n— {witness_name(office.tree.get(slug))} " in newest.text:
            continue
        line, vkey = _ask(engine, office, slug, key, newest.text, lines[: newest.size], actor)
        with open_session(engine, office.tenant.slug) as session:
            ledger.add_cosignature(session, newest.size, line, witness=vkey, actor=actor)
    return list(office.tenant.witnesses)


def trust_lines(engine: Engine, office: Office) -> list[str]:
    """Lines of a reader's trust list for an authority that has drawn: its log, its contributor key, its witnesses."""
    with open_session(engine, office.tenant.slug, readonly=True) as session:
        log_key = _vkey(session, KeyRole.LOG, office.tenant.log_origin)
        own = _vkey(session, KeyRole.CONTRIBUTOR, office.operator)
    witnesses = [f"witness {_witness_key(engine, office, slug)}" for slug in office.tenant.witnesses]
    return [f"log {log_key}", f"contributor {own}", *witnesses]


def _witness_key(engine: Engine, office: Office, slug: str) -> str:
    with open_session(engine, slug, readonly=True) as session:
        return _vkey(session, KeyRole.WITNESS, witness_name(office.tree.get(slug)))


def _ask(
    engine: Engine, office: Office, slug: str, log_key: str, text: str, lines: Sequence[bytes], actor: str
) -> tuple[str, str]:
    """One witness's signature line and the vkey it signs with; it pins the log's key the first time."""
    name = witness_name(office.tree.get(slug))
    with open_session(engine, slug) as session:
        own = ledger.signer(session, office.keyring, KeyRole.WITNESS, name, actor=actor)
        vkey = _vkey(session, KeyRole.WITNESS, name)
        witness.watch(session, log_key, actor=actor)
        return witness.cosign(session, own, text, lines, actor=actor), vkey


def _vkey(session: TenantSession, role: KeyRole, name: str) -> str:
    query = select(SigningKey).where(SigningKey.role == role, SigningKey.name == name)
    key = session.exec(query).one_or_none()
    if key is None:
        raise NotFound("public_key_missing", name=name)
    return verifier_key(key)
