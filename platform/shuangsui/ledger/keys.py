"""Secrets at rest: a master key outside the database seals what the database must not know.

The embedded installation keeps the master key in a file. What is sealed is bound to its tenant, purpose and row: a
sealed value copied to another place does not open there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fairdraw.checkpoint import ROLES, vkey
from fairdraw.suites import lp
from shuangsui.errors import BadInput, Misconfigured
from shuangsui.ledger.tables import KeyRole, SigningKey

NONCE = 12
KEY_SIZE = 32


class Sealer:
    """Seals and opens with one key: AES-256-GCM, a random nonce before each ciphertext, bound to the place's names.

    The one way in which anything is sealed here, whoever keeps the key.
    """

    __slots__ = ("_aes",)

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(key)

    def seal(self, secret: bytes, *names: str) -> bytes:
        """The sealed form, to be opened with the same names only."""
        nonce = os.urandom(NONCE)
        return nonce + self._aes.encrypt(nonce, secret, _place(*names))

    def open(self, sealed: bytes, *names: str) -> bytes | None:
        """The secret; None for another key, place or content."""
        try:
            return self._aes.decrypt(sealed[:NONCE], sealed[NONCE:], _place(*names))
        except (InvalidTag, ValueError):  # a text that is shorter than a nonce
            return None


class Keyring:
    """The master key: seals secrets of the installation, and what it derives seals for authorities without a store."""

    __slots__ = ("_file", "_sealer")

    def __init__(self, file: Path) -> None:
        """Read the master key; create it at first use. :class:`Misconfigured` if others may read it."""
        _create(file)
        self._file = file
        self._sealer = Sealer(_read(file))

    def __repr__(self) -> str:
        """Without the key."""
        return f"Keyring({self._file})"

    def seal(self, secret: bytes, *, tenant: str, purpose: str, row: str) -> bytes:
        """The sealed form, to be opened with the same three names only."""
        return self._sealer.seal(secret, tenant, purpose, row)

    def open(self, sealed: bytes, *, tenant: str, purpose: str, row: str) -> bytes:
        """The secret; :class:`Misconfigured` ``seal_broken`` for another master key, place or content."""
        if (found := self._sealer.open(sealed, tenant, purpose, row)) is None:
            raise Misconfigured("seal_broken", purpose=purpose, file=self._file)
        return found

    def fresh(self) -> bytes:
        """A new secret of 32 bytes, which nobody can foretell; the only source of what a draw keeps secret."""
        return os.urandom(KEY_SIZE)

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose of the whole installation; it says nothing of the master key (HKDF)."""
        return HKDF(SHA256(), KEY_SIZE, salt=None, info=purpose.encode()).derive(_read(self._file))


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign; it does not show its private part."""

    name: str
    public: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)


def new_key(keyring: Keyring, tenant: str, role: KeyRole, name: str) -> SigningKey:
    """A fresh key, sealed, not yet stored; :class:`BadInput` ``key_name_invalid`` for a name notes cannot carry."""
    if not name or set(name) & set(" +\n"):
        raise BadInput("key_name_invalid", name=name)
    private = Ed25519PrivateKey.from_private_bytes(keyring.fresh())
    public = private.public_key().public_bytes_raw()
    key = SigningKey(tenant_id=tenant, role=role, name=name, public=public, sealed=b"")
    key.sealed = keyring.seal(private.private_bytes_raw(), **_place_of(key))
    return key


def open_key(keyring: Keyring, key: SigningKey) -> Signer:
    """The key, ready to sign."""
    private = Ed25519PrivateKey.from_private_bytes(keyring.open(key.sealed, **_place_of(key)))
    return Signer(key.name, key.public, private.sign)


def verifier_key(key: SigningKey) -> str:
    """The key's vkey, as trust lists carry it (srd-1 7.4)."""
    return vkey(key.name, ROLES[key.role], key.public)


def _place_of(key: SigningKey) -> dict[str, str]:
    return {"tenant": key.tenant_id, "purpose": f"key/{key.role}", "row": str(key.id)}


def _place(*names: str) -> bytes:
    return b"".join(lp(name.encode()) for name in names)


def _create(file: Path) -> None:
    """Write a new master key in full under another name first: nobody ever reads half of it."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = mkstemp(dir=file.parent)  # mode 0600
    with os.fdopen(handle, "wb") as out:
        out.write(os.urandom(KEY_SIZE))
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):  # another process was first
        os.link(draft, file)
    Path(draft).unlink()


def _read(file: Path) -> bytes:
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured("master_key_exposed", file=file)
    key = file.read_bytes()
    if len(key) != KEY_SIZE:
        raise Misconfigured("master_key_size", file=file, size=len(key))
    return key
