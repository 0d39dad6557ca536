"""Witnesses outside of the installation know how long a log was, whatever became of the public tree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drawlogs import ORIGIN, write_draw
from fairdraw.checkpoint import (
    COSIGNATURE_KEY,
    cosign_message,
    cosign_payload,
    log_root,
    note_text,
    signature_line,
    vkey,
)
from shuangsui.ledger import first_look, outside, rollback
from shuangsui.ledger.rollback import Lag, Standing
from shuangsui.ledger.service import draw_log
from shuangsui.tenancy.schema import OutsideWitness
from shuangsui.tenancy.tenant import Setting, Tenant

NAME = "witness.example/w1"
NOON = 1_780_000_000


@dataclass
class Witness:
    """Somebody's witness; ``says`` is what stands at each path, by default nothing."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    says: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""
    slow: threading.Event = field(default_factory=threading.Event)

    @property
    def known(self) -> OutsideWitness:
        """As a ``tenant.toml`` has it."""
        public = self.key.public_key().public_bytes_raw()
        return OutsideWitness(address=self.address, key=vkey(NAME, COSIGNATURE_KEY, public))

    def cosigned(self, size: int, root: bytes, *, by: Ed25519PrivateKey | None = None, origin: str = ORIGIN) -> None:
        """From now on it shows this head of the log."""
        key, text = by or self.key, note_text(origin, size, root)
        payload = cosign_payload(NOON, key.sign(cosign_message(text, NOON)))
        line = signature_line(NAME, COSIGNATURE_KEY, self.key.public_key().public_bytes_raw(), payload)
        self.says[path()] = (200, f"{text}\n{line}".encode())


def path(origin: str = ORIGIN) -> str:
    """Where a witness shows what it cosigned last of a log."""
    return f"/{sha256(origin.encode()).hexdigest()}/checkpoint"


@contextmanager
def listening(witness: Witness) -> Iterator[Witness]:
    """On the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            witness.asked.append(self.path)
            if witness.slow.is_set():
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                self.server.stopped.wait(10)  # type: ignore[attr-defined]
                return
            status, body = witness.says.get(self.path, (404, b""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    witness.address = f"http://127.0.0.1:{server.server_port}"
    yield witness
    server.stopped.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


@pytest.fixture
def witness() -> Iterator[Witness]:
    rollback.forget()
    with listening(Witness()) as made:
        yield made
    rollback.forget()


@pytest.fixture
def lines(scope) -> list[bytes]:
    """A log of four entries."""
    with scope("chongqing") as session:
        write_draw(session)
        return draw_log(session)


def found(engine, tenant: Tenant) -> Standing:
    """What a process finds at its start."""
    ((_, standing),) = first_look.look(engine, [tenant])
    return standing


@pytest.fixture
def tenant(witness: Witness) -> Tenant:
    """The log's owner, without witnesses in the house."""
    settings = {"log_domain": Setting("draws.example", "tenant.toml", 1)}
    made = Tenant("chongqing", "某市", "某市", None, (), (), settings, settings, ())
    return replace(made, outside_witnesses=(witness.known,))


def test_what_a_witness_cosigned_is_compared(engine, tenant, witness, lines) -> None:
    """Of the same log, as long or shorter: all is well, though nothing was ever published here."""
    for size in (4, 3):
        witness.cosigned(size, log_root(lines[:size], "sha256"))
        assert found(engine, tenant) == Standing(4, cosigned=size)
    assert witness.asked == [path(), path()]


@pytest.mark.parametrize(("size", "root"), [(5, b"\x01" * 32), (4, b"\x01" * 32), (2, b"\x01" * 32)])
def test_log_that_a_witness_knows_longer_or_other_is_only_looked_at(engine, tenant, witness, lines, size, root) -> None:
    """Also where no key of the log is in the database: it may be older than the key."""
    witness.cosigned(size, root)
    assert found(engine, tenant).lag == Lag(size, 4)


def test_one_who_is_not_that_witness_neither_locks_nor_frees(engine, tenant, witness, lines) -> None:
    """Another key, another log, no checkpoint, an error: as if nobody had answered."""
    said = []
    witness.cosigned(9, b"\x01" * 32, by=Ed25519PrivateKey.generate())
    said.append(found(engine, tenant))
    witness.cosigned(9, b"\x01" * 32, origin="draws.example/other")
    said.append(found(engine, tenant))
    for answer in ((200, b"x"), (200, b"x" * (outside.LARGEST + 1)), (500, b""), (302, b"")):
        witness.says[path()] = answer
        said.append(found(engine, tenant))
    assert said == [Standing(4, silent=(witness.address,))] * 6


def test_witness_that_knows_nothing_of_the_log_is_no_failure(engine, tenant, witness, lines) -> None:
    """It may have cosigned nothing yet."""
    assert found(engine, tenant) == Standing(4)


def test_witness_that_is_away_or_slow_keeps_nobody_waiting(engine, tenant, witness, lines, monkeypatch) -> None:
    """The start goes on with what is published here; forty authorities with the same one wait once."""
    monkeypatch.setattr(outside, "SECONDS", 0.3)
    monkeypatch.setattr(outside, "ALTOGETHER", 1.0)
    gone = replace(tenant, outside_witnesses=(OutsideWitness(address="http://127.0.0.1:9", key=witness.known.key),))
    assert found(engine, gone) == Standing(4, silent=("http://127.0.0.1:9",))
    witness.slow.set()
    assert found(engine, tenant) == Standing(4, silent=(witness.address,))
    many = [replace(tenant, slug=f"t{n}") for n in range(40)]
    told = outside.ask(many)
    assert {slug: silent for slug, (_, silent) in told.items()} == {one.slug: (witness.address,) for one in many}
