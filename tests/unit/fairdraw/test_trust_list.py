"""srd-1 7.4: the reader's trust list."""

from __future__ import annotations

import base64

import pytest

import transcripts
from fairdraw import checkpoint, ed25519

LOG, WITNESS, WHO = transcripts.ORIGIN, transcripts.WITNESSES[0], "公证处"
LOG_LINE = transcripts.vkey_line("log", LOG)
WITNESS_LINES = [transcripts.vkey_line("witness", name) for name in transcripts.WITNESSES]


def test_7_4_list_of_all_roles() -> None:
    """Keys by role, quorum more than half of the witness lines."""
    trust = checkpoint.read_trust(transcripts.TRUST)
    assert [key.name for key in trust.logs] == [LOG]
    assert [key.name for key in trust.witnesses] == list(transcripts.WITNESSES)
    assert [key.name for key in trust.contributors] == list(transcripts.SECRETS)
    assert trust.quorum == 2
    assert trust.witnesses[0].public == ed25519.public_key(transcripts.private("witness", WITNESS))


def test_7_4_blank_lines_and_comments_are_skipped() -> None:
    """With either line ending."""
    text = "# 我的信任名单\r\n\r\n  \n" + LOG_LINE.replace("\n", "\r\n") + "#quorum 9\n"
    assert checkpoint.read_trust(text) == checkpoint.read_trust(LOG_LINE)


@pytest.mark.parametrize(("witnesses", "quorum"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_7_4_default_quorum_is_more_than_half_of_the_witness_lines(witnesses: int, quorum: int) -> None:
    """Lines counted as they stand: a witness listed twice counts twice."""
    text = (WITNESS_LINES * 2)[:witnesses]
    assert checkpoint.read_trust("".join(text)).quorum == quorum


def test_7_4_quorum_line_replaces_the_default() -> None:
    """It may ask for more than there are."""
    assert checkpoint.read_trust("quorum 1\n" + "".join(WITNESS_LINES)).quorum == 1
    assert checkpoint.read_trust("".join(WITNESS_LINES) + "quorum 9").quorum == 9


def _vkey(name: str, key_type: int, public: bytes = bytes(32)) -> str:
    return checkpoint.vkey(name, key_type, public)


NAME, HEX_ID, ENCODED = LOG_LINE.removeprefix("log ").strip().split("+", 2)
MALFORMED = {
    "unknown role": "operator " + _vkey(LOG, 1),
    "role in capitals": "LOG " + _vkey(LOG, 1),
    "leading space": " " + LOG_LINE,
    "trailing space": LOG_LINE.strip() + " ",
    "two spaces": "log  " + _vkey(LOG, 1),
    "no key": "log",
    "only a name": f"log {LOG}",
    "no key id": f"log {NAME}+{ENCODED}",
    "wrong key id": f"log {NAME}+00000000+{ENCODED}",
    "key id in capitals": f"log {NAME}+{HEX_ID.upper()}+{ENCODED}",
    "name changed": f"log {NAME}x+{HEX_ID}+{ENCODED}",
    "empty name": "log " + _vkey("", 1),
    "name with a space": "contributor " + _vkey("公证 处", 1),
    "witness with a log key": "witness " + _vkey(WITNESS, 1),
    "log with a witness key": "log " + _vkey(LOG, 4),
    "contributor with a witness key": "contributor " + _vkey(WHO, 4),
    "key of 31 bytes": "log " + _vkey(LOG, 1, bytes(31)),
    "key with padding it does not need": LOG_LINE.strip() + "====",
    "key not base64": f"log {NAME}+{HEX_ID}+钥",
    "stray bits": f"log {NAME}+{HEX_ID}+{base64.b64encode(bytes(33)).decode()[:-1]}B",
    "quorum 0": "quorum 0",
    "quorum negative": "quorum -1",
    "quorum 02": "quorum 02",
    "quorum plus": "quorum +2",
    "quorum in Chinese digits": "quorum ２",
    "quorum in words": "quorum two",
    "quorum empty": "quorum",
    "quorum twice": "quorum 2\nquorum 2",
    "nul": "\x00",
    "comment after a space": " # note",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=list(MALFORMED))
def test_7_4_malformed_list_is_refused_whole(text: str) -> None:
    """A ValueError with the line; never a list with less in it."""
    with pytest.raises(ValueError, match=r"^第 \d+ 行不合格式："):
        checkpoint.read_trust(WITNESS_LINES[0] + text)


def test_7_4_key_id_binds_name_type_and_key() -> None:
    """First 4 bytes of SHA-256."""
    ids = {checkpoint.key_id(n, t, k) for n in ("a", "b") for t in (1, 4) for k in (bytes(32), bytes([1] * 32))}
    assert len(ids) == 8
