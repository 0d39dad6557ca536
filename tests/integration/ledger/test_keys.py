"""The master key, what it seals, and the keys that sign."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import col, select

from fairdraw import ed25519
from shuangsui.errors import BadInput, Misconfigured
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import signer
from shuangsui.ledger.tables import KeyRole, LedgerEntry, SigningKey

PLACE = {"tenant": "chongqing", "purpose": "draw/secret", "row": "7"}


def test_master_key_is_made_once_for_its_owner_only(tmp_path: Path):
    """32 random bytes, mode 0600; later and parallel readers find the same key."""
    file = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(Keyring, [file] * 16))
    sealed = rings[0].seal(b"secret", **PLACE)
    assert [ring.open(sealed, **PLACE) for ring in rings] == [b"secret"] * 16
    assert (stat.S_IMODE(file.stat().st_mode), file.stat().st_size) == (0o600, 32)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_master_key_that_others_may_use_is_refused(tmp_path: Path, mode: int):
    """Group or world, reading or writing."""
    file = tmp_path / "master.key"
    Keyring(file)
    file.chmod(mode)
    with pytest.raises(Misconfigured, match="master_key_exposed"):
        Keyring(file)


def test_master_key_of_wrong_size_is_refused(tmp_path: Path):
    """A cut-off copy is not quietly used."""
    file = tmp_path / "master.key"
    file.write_bytes(b"short")
    file.chmod(0o600)
    with pytest.raises(Misconfigured) as refused:
        Keyring(file)
    assert (refused.value.code, refused.value.params["size"]) == ("master_key_size", 5)


@pytest.mark.parametrize("name", ["tenant", "purpose", "row"])
def test_sealed_value_opens_only_in_its_place(keyring: Keyring, name: str):
    """Copied to another tenant, purpose or row it stays shut."""
    sealed = keyring.seal(b"secret", **PLACE)
    with pytest.raises(Misconfigured, match="seal_broken"):
        keyring.open(sealed, **PLACE | {name: "other"})


def test_sealed_value_is_authenticated_and_never_the_same(keyring: Keyring):
    """Any changed byte is noticed; two seals of one secret differ."""
    sealed = keyring.seal(b"secret", **PLACE)
    assert sealed != keyring.seal(b"secret", **PLACE)
    for index in range(len(sealed)):
        broken = bytes([*sealed[:index], sealed[index] ^ 1, *sealed[index + 1 :]])
        with pytest.raises(Misconfigured, match="seal_broken"):
            keyring.open(broken, **PLACE)


def test_sealed_value_needs_its_master_key(keyring: Keyring, tmp_path: Path):
    """Another installation's key does not open it."""
    with pytest.raises(Misconfigured, match="seal_broken"):
        Keyring(tmp_path / "other.key").open(keyring.seal(b"secret", **PLACE), **PLACE)


def test_key_is_made_at_first_use_and_kept(scope, keyring: Keyring):
    """One key per tenant, role and name, and one ledger row about it."""
    with scope("chongqing") as session:
        first = signer(session, keyring, KeyRole.LOG, "draws.example/cq", actor="os:root")
    with scope("chongqing") as session:
        again = signer(session, keyring, KeyRole.LOG, "draws.example/cq", actor="os:root")
        other = signer(session, keyring, KeyRole.WITNESS, "draws.example/cq", actor="os:root")
        acts = session.exec(select(LedgerEntry.act).order_by(col(LedgerEntry.n))).all()
    assert first.public == again.public != other.public
    assert acts == ["key.make", "key.make"]
    assert ed25519.verify(first.public, b"message", again.sign(b"message"))


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_key_name_that_a_note_cannot_carry_is_refused(scope, keyring: Keyring, name: str):
    """Signature lines separate by spaces, vkeys by plus signs."""
    with scope("chongqing") as session, pytest.raises(BadInput, match="key_name_invalid"):
        signer(session, keyring, KeyRole.LOG, name, actor="os:root")


def test_private_bytes_are_nowhere_to_be_seen(scope, keyring: Keyring, tmp_path: Path):
    """Not in the table, not in any repr, and not in the ledger."""
    with scope("chongqing") as session:
        key = signer(session, keyring, KeyRole.LOG, "log", actor="os:root")
        row = session.exec(select(SigningKey)).one()
        secret = keyring.open(row.sealed, tenant="chongqing", purpose="key/log", row=str(row.id))
        shown = repr((key, keyring, row)) + "".join(
            session.exec(select(LedgerEntry.payload).order_by(col(LedgerEntry.n)))
        )
    master = (tmp_path / "keys" / "master.key").read_bytes()
    assert ed25519.public_key(secret) == key.public
    for hidden in (secret, master, row.sealed):
        assert repr(hidden)[2:-1] not in shown
        assert hidden.hex() not in shown
    assert secret not in row.sealed
