"""Each MUST of C2SP tlog-witness ``add-checkpoint``, over HTTP, against a log of this installation."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from threading import Thread

import pytest
from sqlmodel import col, select

from console import Browser, settings_of
from drawlogs import ORIGIN, plan, write
from fairdraw import checkpoint
from fairdraw.checkpoint import LOG_KEY, note_text, read_note, read_trust, signature_line
from shuangsui.ledger.consistency import SUITE, proof
from shuangsui.ledger.keys import Keyring, verifier_key
from shuangsui.ledger.service import draw_log, signer
from shuangsui.ledger.tables import KeyRole, LedgerEntry, SigningKey, WitnessHead
from shuangsui.ledger.witness import watch

PATH = "/witness/liangjiang/add-checkpoint"
ENTRIES = 9


@dataclass
class Log:
    """重庆's log, whose owner signs whatever a test wants."""

    scope: object
    keyring: Keyring
    lines: list[bytes]
    browser: Browser

    def note(self, size: int, lines: list[bytes] | None = None, *, text: str = "") -> str:
        """A checkpoint over the first entries."""
        lines = self.lines if lines is None else lines
        text = text or note_text(ORIGIN, size, checkpoint.log_root(lines[:size], SUITE))
        with self.scope("chongqing") as session:
            own = signer(session, self.keyring, KeyRole.LOG, ORIGIN, actor="zhang")
            return f"{text}\n{signature_line(own.name, LOG_KEY, own.public, own.sign(text.encode()))}"

    def body(self, old: int, size: int, path: list[bytes] | None = None, note: str = "") -> bytes:
        """A request."""
        path = path if path is not None else proof(self.lines[:size], old) if old else []
        lines = [f"old {old}", *(base64.b64encode(one).decode() for one in path), "", note or self.note(size)]
        return "\n".join(lines).encode()

    def post(self, data: bytes, path: str = PATH) -> tuple[int, str, str]:
        """Status, type and body of the answer."""
        answer = self.browser.beside().post(path, content=data)
        return answer.status_code, answer.headers["content-type"].partition(";")[0], answer.text

    def head(self) -> int:
        """The size that the witness cosigned last."""
        with self.scope("liangjiang", readonly=True) as session:
            return session.exec(select(WitnessHead.size)).one()


@pytest.fixture
def log(scope, keyring: Keyring, database, tmp_path) -> Iterator[Log]:
    """Nine entries; 两江 watches it and has cosigned nothing."""
    with scope("chongqing") as session:
        for n in range(1, ENTRIES + 1):
            write(session, "PLAN", plan(n))
        signer(session, keyring, KeyRole.LOG, ORIGIN, actor="zhang")
        vkey = verifier_key(session.exec(select(SigningKey).where(SigningKey.role == KeyRole.LOG)).one())
        lines = draw_log(session)
    with scope("liangjiang") as session:
        watch(session, vkey, actor="wang")
    with Browser(settings_of(database.app, tmp_path)) as browser:
        yield Log(scope, keyring, lines, browser)


def test_checkpoints_are_cosigned_one_after_the_other(log: Log) -> None:
    """From nothing, further, and once more the same; each line is a cosignature that a reader's verifier accepts."""
    for old, size in ((0, 3), (3, 9), (9, 9)):
        status, _, line = log.post(log.body(old, size))
        assert (status, line.startswith("— "), line.endswith("\n"), log.head()) == (200, True, True, size)
        with log.scope("liangjiang", readonly=True) as session:
            key = session.exec(select(SigningKey).where(SigningKey.role == KeyRole.WITNESS)).one()
        note = read_note(f"{log.note(size)}{line}".encode(), "checkpoint")
        cosigned = checkpoint.check_signatures(
            note, "checkpoint", read_trust(f"witness {verifier_key(key)}\n")
        ).cosigned
        assert min(min(times) for times in cosigned.values()) > 0


def test_unknown_origin_is_404(log: Log) -> None:
    """Also a witness that there is not."""
    stranger = log.note(3, text=note_text("stranger.example/log", 3, b"\x00" * 32))
    assert log.post(log.body(0, 3, note=stranger))[0] == 404
    assert log.post(log.body(0, 3), "/witness/nowhere/add-checkpoint")[0] == 404


def test_no_signature_of_the_pinned_key_is_403(log: Log) -> None:
    """Unknown signatures are ignored, and none of them is enough."""
    text, _, line = log.note(3).partition("\n\n")
    forged = line[:-9] + ("A" if line[-9] != "A" else "B") + line[-8:]
    assert log.post(log.body(0, 3, note=f"{text}\n\n{forged}"))[0] == 403
    assert (
        log.post(log.body(0, 3, note=f"{log.note(3)}— other.example {base64.b64encode(b'x' * 68).decode()}\n"))[0]
        == 200
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 3\n",
        b"old 03\n\n",
        b"old -1\n\n",
        b"old x\n\n",
        b"size 3\n\n",
        b"old 0\nnot base64\n\n",
        b"old 0\nAAAA\n\n",
    ],
)
def test_what_is_not_of_the_form_is_400(log: Log, data: bytes) -> None:
    """No line, a leading zero, a negative size, a proof that is none."""
    assert log.post(data + (log.note(3).encode() if data.endswith(b"\n\n") else b""))[0] == 400


def test_old_size_above_the_checkpoint_is_400(log: Log) -> None:
    """And more than 63 lines of proof."""
    assert log.post(log.body(5, 3, path=[]))[0] == 400
    assert log.post(log.body(3, 9, path=[b"\x00" * 32] * 64))[0] == 400


def test_old_size_that_is_not_the_last_is_409_with_the_last(log: Log) -> None:
    """The body is the size and a line feed, of its own type; so a client finds out where it stands."""
    log.post(log.body(0, 5))
    for old in (0, 3, 6):
        assert log.post(log.body(old, 9)) == (409, "text/x.tlog.size", "5\n")
    assert log.head() == 5


def test_same_size_with_another_root_is_409(log: Log) -> None:
    """A log that says two things of the same moment."""
    log.post(log.body(0, 5))
    forged = log.note(5, [b"x", *log.lines[1:]])
    assert log.post(log.body(5, 5, path=[], note=forged)) == (409, "text/x.tlog.size", "5\n")


def test_proof_that_does_not_verify_is_422(log: Log) -> None:
    """A rewritten log, a proof of something else, none, and one although nothing was cosigned before."""
    assert log.post(log.body(0, 5, path=[b"\x00" * 32]))[0] == 422
    log.post(log.body(0, 5))
    forged = [log.lines[0], b"x", *log.lines[2:]]
    note = log.note(9, forged)
    paths = (proof(forged, 5), proof(log.lines, 5), [])
    assert {log.post(log.body(5, 9, path=path, note=note))[0] for path in paths} == {422}
    assert log.head() == 5


def test_checkpoint_of_nothing_is_400(log: Log) -> None:
    """A log of srd-1 has one entry at least (7.1)."""
    assert log.post(log.body(0, 0, note=log.note(0, text=note_text(ORIGIN, 0, sha256().digest()))))[0] == 400


def test_head_never_goes_back_when_two_ask_at_once(log: Log) -> None:
    """One of them is told to start from the other's size."""
    log.post(log.body(0, 2))
    bodies, found = [log.body(2, size) for size in (3, 9)], []
    threads = [Thread(target=lambda data=data: found.append(log.post(data)[0])) for data in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 409]
    with log.scope("liangjiang", readonly=True) as session:
        acts = session.exec(
            select(LedgerEntry.subject).where(LedgerEntry.act == "witness.cosign").order_by(col(LedgerEntry.n))
        ).all()
    assert acts[-1] == f"{ORIGIN}@{log.head()}"


def test_failure_to_persist_means_no_signature(log: Log, monkeypatch) -> None:
    """What was not kept was not cosigned."""

    def broken(*_arguments, **_named):
        raise RuntimeError("disk full")

    monkeypatch.setattr("shuangsui.ledger.witness.record", broken)
    status, _, text = log.post(log.body(0, 5))
    assert (status, "—" in text, log.head()) == (500, False, 0)


def test_newest_cosigned_checkpoint_is_for_everybody(log: Log) -> None:
    """The very line that was given out, whoever asks; nothing of a log that was never cosigned."""
    digest = sha256(ORIGIN.encode()).hexdigest()

    def shown(name: str = digest, witness: str = "liangjiang") -> tuple[int, str]:
        answer = log.browser.beside().get(f"/witness/{witness}/{name}/checkpoint")
        return answer.status_code, answer.text

    assert shown()[0] == 404
    for old, size in ((0, 3), (3, 9)):
        line = log.post(log.body(old, size))[2]
        assert shown() == (200, f"{log.note(size).partition(chr(10) * 2)[0]}\n\n{line}")
    assert [shown(*asked)[0] for asked in (("0" * 64,), (digest, "yuzhong"), (digest, "nowhere"))] == [404] * 3
