"""Checkpoints and the reader's trust list (srd-1 7.4): C2SP signed notes, log signatures, cosignatures."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fairdraw import ed25519
from fairdraw.failures import require
from fairdraw.merkle import tree_root
from fairdraw.plan import decode_base64
from fairdraw.suites import hasher

LOG_KEY, COSIGNATURE_KEY = 0x01, 0x04
ROLES = {"log": LOG_KEY, "witness": COSIGNATURE_KEY, "contributor": LOG_KEY}
"""Role of a trust-list line to its key type."""

_FILE = re.compile(r"checkpoint-([0-9]+)\.txt")
_DECIMAL = re.compile(r"[1-9][0-9]{0,15}")
_LINE = re.compile(r"— ([^ +\n]+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key of the trust list: its name, its 4-byte id, its 32 bytes."""

    name: str
    id: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """What one reader trusts; an empty list trusts nobody."""

    logs: Sequence[Key] = ()
    witnesses: Sequence[Key] = ()
    contributors: Sequence[Key] = ()
    quorum: int = 1

    def log_keys(self, origin: str) -> list[Key]:
        """Trusted log keys of an origin; keys of another name do not count."""
        return [key for key in self.logs if key.name == origin]

    def keys_of(self, who: str) -> list[Key]:
        """Keys listed for a contributor."""
        return [key for key in self.contributors if key.name == who]


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed checkpoint: signed text, size, root, signature lines as (name, payload)."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A checkpoint whose root and known signatures hold: size and witness public key → cosignature times."""

    size: int
    signed: bool
    cosigned: Mapping[bytes, frozenset[int]] = field(default_factory=dict)

    def witnesses(self, before: float = float("inf")) -> int:
        """Distinct witness keys that cosigned before a Unix time."""
        return sum(1 for times in self.cosigned.values() if min(times) < before)


def key_id(name: str, key_type: int, public: bytes) -> bytes:
    """First 4 bytes of ``SHA-256(name || 0x0A || type || public key)``."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([key_type]) + public).digest()[:4]


def vkey(name: str, key_type: int, public: bytes) -> str:
    """``name+hex8 key id+base64(type || public key)``, as trust lists carry it."""
    return f"{name}+{key_id(name, key_type, public).hex()}+{_b64(bytes([key_type]) + public)}"


def log_root(lines: Iterable[bytes], suite: str) -> bytes:
    """RFC 9162 tree head over at least one log line without LF."""
    return tree_root(lines, hasher(suite))


def note_text(origin: str, size: int, root: bytes) -> str:
    """The text that signatures cover, its last line feed included."""
    return f"{origin}\n{size}\n{_b64(root)}\n"


def signature_line(name: str, key_type: int, public: bytes, payload: bytes) -> str:
    """One signature line with its LF; ``payload`` is what follows the key id."""
    return f"— {name} {_b64(key_id(name, key_type, public) + payload)}\n"


def cosign_message(text: str, time: int) -> bytes:
    """What a witness signs at ``time`` (Unix seconds)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosign_payload(time: int, signature: bytes) -> bytes:
    """What follows the key id in a cosignature line."""
    return time.to_bytes(8, "big") + signature


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# the trust list


def read_trust(text: str) -> Trust:
    """Parse a trust list; :class:`ValueError` with the line number for a malformed one."""
    keys: dict[str, list[Key]] = {role: [] for role in ROLES}
    quorums: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if not line.strip() or line.startswith("#"):
            continue
        role, _, value = line.partition(" ")
        if role == "quorum" and _DECIMAL.fullmatch(value) and not quorums:
            quorums.append(int(value))
        elif role in ROLES and (key := _read_vkey(value, ROLES[role])):
            keys[role].append(key)
        else:
            raise ValueError(f"第 {number} 行不合格式：{line!r}")
    quorum = quorums[0] if quorums else len(keys["witness"]) // 2 + 1
    return Trust(keys["log"], keys["witness"], keys["contributor"], quorum)


def _read_vkey(value: str, key_type: int) -> Key | None:
    name, plus, rest = value.partition("+")
    hex_id, second, encoded = rest.partition("+")
    raw = decode_base64(encoded)
    if not (plus and second and name and " " not in name) or raw is None or len(raw) != 33 or raw[0] != key_type:
        return None
    key = Key(name, key_id(name, key_type, raw[1:]), raw[1:])
    return key if key.id.hex() == hex_id else None


# a checkpoint file


def size_of(file: str) -> str | None:
    """The digits of a file name ``checkpoint-<size>.txt``, None for any other name."""
    match = _FILE.fullmatch(file)
    return match[1] if match else None


def read_note(data: bytes, what: str) -> Note:
    """Parse a checkpoint's form; ``CHECKPOINT_FORMAT``."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    head, blank, tail = text.partition("\n\n")
    lines = head.split("\n")
    form = blank and tail.endswith("\n") and len(lines) >= 3 and all(lines)
    require(form and _DECIMAL.fullmatch(lines[1]), "CHECKPOINT_FORMAT", what)
    root = decode_base64(lines[2])
    require(root is not None and len(root) == 32, "CHECKPOINT_FORMAT", f"{what}: root")
    assert root is not None
    signatures = [_read_signature(line, what) for line in tail[:-1].split("\n")]
    return Note(head + "\n", lines[0], int(lines[1]), root, signatures)


def _read_signature(line: str, what: str) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    payload = decode_base64(match[2]) if match else None
    require(match and payload is not None and len(payload) > 4, "CHECKPOINT_FORMAT", f"{what}: signature line")
    assert match is not None
    assert payload is not None
    return match[1], payload


def check(data: bytes, file: str, origin: str, lines: Sequence[bytes], suite: str, trust: Trust) -> Checked:
    """Check one checkpoint against the log's ``lines``.

    ``CHECKPOINT_FORMAT``, then ``CHECKPOINT_ROOT``, then ``CHECKPOINT_SIG`` (7.4).
    """
    note = read_note(data, file)
    fits = note.origin == origin and note.size <= len(lines) and size_of(file) == str(note.size)
    require(fits, "CHECKPOINT_FORMAT", f"{file}: origin or size")
    root = log_root(lines[: note.size], suite)
    require(root == note.root, "CHECKPOINT_ROOT", f"{file}: the tree of {note.size} entries has another root")
    return check_signatures(note, file, trust)


def check_signatures(note: Note, file: str, trust: Trust) -> Checked:
    """Verify every signature of a known key; unknown names and ids are ignored."""
    log_keys = trust.log_keys(note.origin)
    signed, cosigned = False, dict[bytes, set[int]]()
    for name, payload in dict.fromkeys(note.lines):
        for key in _matching(log_keys, name, payload):
            _require_signature(key, note.text.encode(), payload[4:], f"{file}: {name}")
            signed = True
        for key in _matching(trust.witnesses, name, payload):
            require(len(payload) == 76, "CHECKPOINT_SIG", f"{file}: {name}")
            time = int.from_bytes(payload[4:12], "big")
            _require_signature(key, cosign_message(note.text, time), payload[12:], f"{file}: {name}")
            cosigned.setdefault(key.public, set()).add(time)
    require(signed or not log_keys, "CHECKPOINT_SIG", f"{file} has no signature of the log")
    own = {key.public for key in log_keys}
    return Checked(note.size, signed, {k: frozenset(times) for k, times in cosigned.items() if k not in own})


def _matching(keys: Sequence[Key], name: str, payload: bytes) -> list[Key]:
    return [key for key in keys if key.name == name and key.id == payload[:4]]


def _require_signature(key: Key, message: bytes, signature: bytes, where: str) -> None:
    require(ed25519.verify(key.public, message, signature), "CHECKPOINT_SIG", where)
