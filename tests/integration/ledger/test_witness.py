"""Checkpoints, and one tenant as witness of another's log (C2SP tlog-witness; srd-1 7.4)."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from drawlogs import ORIGIN, event, plan, reveal, write, write_draw
from fairdraw import checkpoint
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.keys import Keyring, Signer, verifier_key
from shuangsui.ledger.service import add_cosignature, draw_log, make_checkpoint, signer, verify
from shuangsui.ledger.tables import Checkpoint, KeyRole, LedgerEntry, SigningKey, WitnessHead
from shuangsui.ledger.witness import cosign, watch

WITNESS = "witness.example/liangjiang"


def vkey(session: TenantSession, role: KeyRole) -> str:
    """The tenant's public key of a role."""
    return verifier_key(session.exec(select(SigningKey).where(SigningKey.role == role)).one())


def log_key(session: TenantSession, keyring: Keyring) -> Signer:
    """The key of the log of 重庆."""
    return signer(session, keyring, KeyRole.LOG, ORIGIN, actor="zhang")


def witness_key(session: TenantSession, keyring: Keyring) -> Signer:
    """The key of 两江 as a witness."""
    return signer(session, keyring, KeyRole.WITNESS, WITNESS, actor="wang")


@pytest.fixture
def watched(scope, keyring: Keyring) -> None:
    """重庆 has written a plan and signed a checkpoint; 两江 watches its log."""
    with scope("chongqing") as session:
        write(session, "PLAN", plan(1))
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
        key = vkey(session, KeyRole.LOG)
    with scope("liangjiang") as session:
        watch(session, key, actor="wang")


def published(scope) -> tuple[str, list[bytes]]:
    """The newest checkpoint of 重庆 and its log."""
    with scope("chongqing", readonly=True) as session:
        text = session.exec(select(Checkpoint.text).order_by(Checkpoint.size.desc())).first()
        return text, draw_log(session)


def cosigned(scope, keyring: Keyring, text: str, lines: list[bytes]) -> str:
    """两江's line."""
    with scope("liangjiang") as session:
        return cosign(session, witness_key(session, keyring), text, lines, actor="wang")


def resigned(scope, keyring: Keyring, lines: list[bytes]) -> str:
    """A checkpoint that the log's owner signs over any lines at all."""
    with scope("chongqing") as session:
        key = log_key(session, keyring)
    note = checkpoint.note_text(ORIGIN, len(lines), checkpoint.log_root(lines, "sha256"))
    return f"{note}\n{checkpoint.signature_line(ORIGIN, checkpoint.LOG_KEY, key.public, key.sign(note.encode()))}"


def test_checkpoint_is_made_once_per_size(scope, keyring: Keyring):
    """Signing the same log again gives the same text."""
    with scope("chongqing") as session:
        write(session, "PLAN", plan(1))
        first = make_checkpoint(session, log_key(session, keyring), actor="zhang").text
        assert make_checkpoint(session, log_key(session, keyring), actor="zhang").text == first
        write(session, "EVENT", event(1))
        assert make_checkpoint(session, log_key(session, keyring), actor="zhang").size == 2
        assert session.exec(select(Checkpoint.size).order_by(Checkpoint.size)).all() == [1, 2]


def test_empty_log_has_no_checkpoint(scope, keyring: Keyring):
    """There is nothing to sign."""
    with scope("chongqing") as session, pytest.raises(NotFound, match="log_empty"):
        make_checkpoint(session, log_key(session, keyring), actor="zhang")


def test_cosigned_checkpoint_satisfies_a_reader(scope, keyring: Keyring, watched: None):
    """A reader who trusts both keys counts one witness; both chains of both tenants stay whole."""
    text, lines = published(scope)
    line = cosigned(scope, keyring, text, lines)
    with scope("liangjiang") as session:
        witness = vkey(session, KeyRole.WITNESS)
    with scope("chongqing") as session:
        full = add_cosignature(session, 1, line, witness=witness, actor="zhang").text
        trust = checkpoint.read_trust(f"log {vkey(session, KeyRole.LOG)}\nwitness {witness}\n")
    checked = checkpoint.check(full.encode(), "checkpoint-1.txt", ORIGIN, lines, "sha256", trust)
    assert (checked.signed, checked.witnesses()) == (True, 1)
    for tenant in ("chongqing", "liangjiang"):
        with scope(tenant) as session:
            assert verify(session).faults == ()


def test_cosignature_is_added_once_and_only_if_valid(scope, keyring: Keyring, watched: None):
    """A second time changes nothing; a line of another checkpoint or key is refused."""
    text, lines = published(scope)
    line = cosigned(scope, keyring, text, lines)
    with scope("liangjiang") as session:
        witness = vkey(session, KeyRole.WITNESS)
    with scope("chongqing") as session:
        first = add_cosignature(session, 1, line, witness=witness, actor="zhang").text
        assert add_cosignature(session, 1, line, witness=witness, actor="zhang").text == first
        write(session, "EVENT", event(1))
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
        for size, bad, key in ((2, line, witness), (1, "— x AAAA\n", witness), (2, line, "no vkey")):
            with pytest.raises(RuleRefused, match="cosignature_invalid"):
                add_cosignature(session, size, bad, witness=key, actor="zhang")
        with pytest.raises(NotFound, match="checkpoint_missing"):
            add_cosignature(session, 9, line, witness=witness, actor="zhang")


def test_witness_follows_a_growing_log(scope, keyring: Keyring, watched: None):
    """From head to head, and the same checkpoint again; each cosignature is one act of the witness."""
    cosigned(scope, keyring, *published(scope))
    with scope("chongqing") as session:
        write(session, "EVENT", event(1))
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
    cosigned(scope, keyring, *published(scope))
    cosigned(scope, keyring, *published(scope))
    with scope("liangjiang") as session:
        head = session.exec(select(WitnessHead)).one()
        acts = session.exec(
            select(LedgerEntry.act).where(LedgerEntry.act == "witness.cosign").order_by(col(LedgerEntry.n))
        ).all()
    assert (head.size, len(acts)) == (2, 3)


def test_witness_keeps_the_new_head_before_it_answers(scope, keyring: Keyring, watched: None):
    """An error after the answer does not take the head back."""
    with pytest.raises(ZeroDivisionError):
        _cosign_and_fail(scope, keyring)
    with scope("liangjiang") as session:
        assert session.exec(select(WitnessHead.size)).one() == 1


def _cosign_and_fail(scope, keyring: Keyring) -> None:
    text, lines = published(scope)
    with scope("liangjiang") as session:
        cosign(session, witness_key(session, keyring), text, lines, actor="wang")
        raise ZeroDivisionError


def test_witness_refuses_a_smaller_log(scope, keyring: Keyring, watched: None):
    """Truncation after cosigning."""
    small = published(scope)
    with scope("chongqing") as session:
        write(session, "EVENT", event(1))
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
    cosigned(scope, keyring, *published(scope))
    with pytest.raises(RuleRefused) as refused:
        cosigned(scope, keyring, *small)
    assert (refused.value.code, refused.value.params["seen"]) == ("witness_smaller", 2)


@pytest.mark.parametrize("size", [1, 2])
def test_witness_refuses_a_fork(scope, keyring: Keyring, watched: None, size: int):
    """A rewritten log, validly signed by its owner, of the same size or longer."""
    cosigned(scope, keyring, *published(scope))
    with scope("elsewhere") as session:
        write(session, "PLAN", plan(1) | {"item": "B-2"})
        write(session, "EVENT", event(1))
        forged = draw_log(session)[:size]
    with pytest.raises(RuleRefused, match="witness_fork"):
        cosigned(scope, keyring, resigned(scope, keyring, forged), forged)
    with scope("liangjiang") as session:
        assert session.exec(select(WitnessHead.size)).one() == 1


def test_witness_refuses_lines_that_are_not_the_checkpoints(scope, keyring: Keyring, watched: None):
    """The root must be that of the lines it is shown."""
    text, _ = published(scope)
    with scope("elsewhere") as session:
        write(session, "PLAN", plan(1) | {"item": "B-2"})
        other = draw_log(session)
    with pytest.raises(RuleRefused, match="witness_root"):
        cosigned(scope, keyring, text, other)


def test_witness_refuses_a_log_that_breaks_the_protocol(scope, keyring: Keyring, watched: None):
    """Too few lines, or entries no verifier would accept."""
    _, lines = published(scope)
    doubled = [*lines, *lines]
    with pytest.raises(RuleRefused, match="witness_log_broken"):
        cosigned(scope, keyring, resigned(scope, keyring, doubled), doubled)
    with pytest.raises(RuleRefused, match="witness_log_broken"):
        cosigned(scope, keyring, resigned(scope, keyring, lines), [])


def test_witness_refuses_a_checkpoint_without_the_pinned_signature(scope, keyring: Keyring, watched: None):
    """Unsigned in effect, or signed by a key that is not the one it knows."""
    text, lines = published(scope)
    with scope("gaoxin") as session:
        stranger = signer(session, keyring, KeyRole.LOG, ORIGIN, actor="li")
    note = text.partition("\n\n")[0] + "\n"
    foreign = checkpoint.signature_line(ORIGIN, checkpoint.LOG_KEY, stranger.public, stranger.sign(note.encode()))
    with pytest.raises(RuleRefused, match="witness_signature"):
        cosigned(scope, keyring, f"{note}\n{foreign}", lines)
    with pytest.raises(RuleRefused, match="witness_signature"):
        cosigned(scope, keyring, text.replace("\n1\n", "\n2\n"), lines)


def test_witness_refuses_what_it_does_not_watch(scope, keyring: Keyring):
    """An unknown log, and text that is no checkpoint."""
    with scope("chongqing") as session:
        write(session, "PLAN", plan(1))
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
    with pytest.raises(NotFound, match="witness_log_unknown"):
        cosigned(scope, keyring, *published(scope))
    with pytest.raises(BadInput, match="checkpoint_invalid"):
        cosigned(scope, keyring, "nonsense", [])


def test_watching_pins_the_key(scope, keyring: Keyring, watched: None):
    """The same key again is fine; another key of the same name is not; an own log proves nothing."""
    with scope("chongqing") as session:
        key = vkey(session, KeyRole.LOG)
        with pytest.raises(RuleRefused, match="witness_own_log"):
            watch(session, key, actor="zhang")
    with scope("gaoxin") as session:
        signer(session, keyring, KeyRole.LOG, ORIGIN, actor="li")
        other = vkey(session, KeyRole.LOG)
    with scope("liangjiang") as session:
        assert watch(session, key, actor="wang").origin == ORIGIN
        with pytest.raises(RuleRefused, match="witness_other_key"):
            watch(session, other, actor="wang")
        with pytest.raises(BadInput, match="log_key_invalid"):
            watch(session, "nonsense", actor="wang")


def test_whole_draw_of_both_tenants_is_witnessed(scope, keyring: Keyring, watched: None):
    """A log of many entries, cosigned late."""
    with scope("chongqing") as session:
        write(session, "EVENT", event(1))
        write(session, "REVEAL", reveal(1))
        write_draw(session, 2)
        make_checkpoint(session, log_key(session, keyring), actor="zhang")
    text, lines = published(scope)
    assert len(lines) == 7
    assert cosigned(scope, keyring, text, lines).startswith(f"— {WITNESS} ")
