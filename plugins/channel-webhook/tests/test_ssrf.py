"""Where a webhook cannot be sent: sixty ways to name this machine or the inside of a network, and names that change.

A canary listens on every address of this machine. The same forms do reach it where the option allows that, so that
its silence means something.
"""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from certificates import own_certificate
from disclosing import disclosed, of_result
from shuangsui import Context, Exporter, OutsideFailed
from shuangsui_channel_webhook import Options, register_exporters
from shuangsui_outbound_kit.guard import is_allowed

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
REAL = socket.getaddrinfo
PUBLIC = "93.184.215.14"

REACHING = [
    "127.0.0.1", "127.1", "127.0.1", "127.0.0.2", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1",
    "0X7F.0x0.0x0.0x1", "017700000001", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::FFFF:127.0.0.1]",
]  # fmt: skip
"""They reach the canary if nobody looks."""
REFUSED = [
    "0.0.0.0", "0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001::7f00:1]",
    "[2001:0:7f00:1::]", "[2001:db8::1]", "[3fff::1]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[ff02::1]", "[5f00::1]", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
    "100.100.100.200", "169.254.169.254", "2852039166", "0xa9fea9fe",
    "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "192.88.99.1", "168.63.129.16", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
ODD = [
    "https://a.example@127.0.0.1:{port}/", "https://127.0.0.1:{port}#@a.example/", "https://127.0.0.1:{port}?@a.example",
    "https://a.example\\@127.0.0.1:{port}/", "https://127.0.0.1%2f@a.example:{port}/", "https://①②⑦.⓪.⓪.①:{port}/",
    "https://127。0。0。1:{port}/", "https:// 127.0.0.1:{port}/", "https://127.0.0.1\t:{port}/",
    "https:127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/",
    "https://[fe80::1%25lo]:{port}/", "https://[::ffff:127.0.0.1%25lo]:{port}/", "https://127.0.0.1:{port}/\r\nX: y",
    "https://0177.0.0.1:{port}/", "https://0177.0.0.01:{port}/", "https://0251.0376.0251.0376/", "https://127.0.0.1:99999/",
    "dict://127.0.0.1:{port}/", "https://ⓛocalhost:{port}/", "https://%6cocalhost:{port}/",
]  # fmt: skip
"""Not even options."""


@dataclass
class Canary:
    """Counts connections; says nothing."""

    port: int = 0
    heard: list[Any] = field(default_factory=list)


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    monkeypatch.setenv("SHUANGSUI_WEBHOOK_SECRET", SECRET)
    six = socket.has_dualstack_ipv6()
    server = socket.create_server(
        ("::" if six else "0.0.0.0", 0),
        family=socket.AF_INET6 if six else socket.AF_INET,
        dualstack_ipv6=six,
        backlog=99,
    )
    made = Canary(server.getsockname()[1])

    def listen() -> None:
        while True:
            try:
                connection, peer = server.accept()
            except OSError:
                return
            made.heard.append(peer)
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield made
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def sent(address: str, **changes: Any) -> str:
    """The code of the failure; ``options`` if it does not come so far."""
    try:
        options = Options(receivers=(address,), **{"timeout_seconds": 2, **changes})
    except ValidationError:
        return "options"
    (exporter,) = register_exporters(Context("moushi", options, Path()))
    return failed(exporter).code


def failed(exporter: Exporter) -> OutsideFailed:
    assert not exporter.check().ok
    with pytest.raises(OutsideFailed) as caught:
        exporter.send(exporter.convert(disclosed(of_result(1))))
    return caught.value


def test_sixty_forms_and_no_connection(canary: Canary) -> None:
    """Plain, in numbers, in hexadecimal and octal, in IPv6 that embeds IPv4, of every special range; and no URLs."""
    forms = [f"https://{host}:{canary.port}/" for host in (*REACHING, *REFUSED)]
    odd = [one.format(port=canary.port) for one in ODD]
    assert len({*forms, *odd}) >= 60
    assert {one: sent(one) for one in forms} == dict.fromkeys(forms, "webhook_address")
    assert {one: sent(one) for one in odd} == dict.fromkeys(odd, "options")
    assert canary.heard == []


@pytest.mark.parametrize("host", REACHING)
def test_canary_hears_it_where_that_is_allowed(canary: Canary, host: str) -> None:
    """Otherwise its silence would prove nothing: once from the check, once from the push."""
    assert sent(f"https://{host}:{canary.port}/", allow_private=True) == "webhook_unreachable"
    assert len(canary.heard) == 2


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::1", "0.0.0.0",
                "::", "224.0.0.1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.0.192", "240.0.0.1", "x"]
)  # fmt: skip
def test_some_are_refused_whatever_the_option_says(address: str) -> None:
    """Nobody's receiver stands there."""
    assert is_allowed(address, allow_private=True) is False


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2001:4860:4860::8888", "2606:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    """The guard does not guard everything away."""
    assert is_allowed(address, allow_private=False)


@dataclass
class Names:
    """A name server that answers ``rebind.example`` anew each time; ``connected`` hears where one wanted to go."""

    answers: list[list[str]]
    asked: int = 0
    connected: list[Any] = field(default_factory=list)

    def resolve(self, host: Any, port: Any, *args: Any, **named: Any) -> Any:
        if host != "rebind.example":
            return REAL(host, port, *args, **named)
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(self, address: Any, *args: Any, **named: Any) -> socket.socket:
        """Resolves like the real one, so that a name that came so far would be asked for again."""
        self.connected.append(address)
        (found, *_) = self.resolve(*address)
        if found[4][0] == PUBLIC:
            raise ConnectionRefusedError
        made = socket.socket()
        made.connect(found[4])
        return made


@contextmanager
def named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> Iterator[Names]:
    names = Names(list(answers))
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", names.resolve)
        patch.setattr(socket, "create_connection", names.connect)
        yield names


def exporter_to(port: int, **changes: Any) -> Exporter:
    options = Options(receivers=(f"https://rebind.example:{port}/",), timeout_seconds=5, **changes)
    (made,) = register_exporters(Context("moushi", options, Path()))
    return made


def push(exporter: Exporter) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        exporter.send(exporter.convert(disclosed(of_result(1))))
    return caught.value


def test_name_that_changes_after_it_was_looked_at_changes_nothing(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: public at the first look, this machine at the second; there is no second look."""
    with named(monkeypatch, [PUBLIC], ["127.0.0.1"]) as names:
        error = push(exporter_to(canary.port))
    assert (error.code, error.permanent, names.asked) == ("webhook_unreachable", False, 1)
    assert (names.connected, canary.heard) == ([(PUBLIC, canary.port)], [])


def test_stub_would_lead_to_the_canary(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same name, asked for twice as a careless client does it."""
    with named(monkeypatch, [PUBLIC], ["127.0.0.1"]) as names:
        socket.getaddrinfo("rebind.example", canary.port)
        socket.create_connection(("rebind.example", canary.port)).close()
    assert names.asked == 2
    for _ in range(100):
        if canary.heard:
            break
        threading.Event().wait(0.05)
    assert len(canary.heard) == 1


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC] * 9 + ["10.0.0.1"]]
)
def test_one_bad_address_refuses_the_name(canary: Canary, monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    """Nobody connects to the good ones of a name that is up to something."""
    with named(monkeypatch, answers) as names:
        error = push(exporter_to(canary.port))
    assert (error.code, error.permanent, names.connected, canary.heard) == ("webhook_address", True, [], [])


def test_next_address_is_tried_if_one_cannot_be_connected_to(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver with two addresses, one of which is down."""
    with named(monkeypatch, [PUBLIC, "127.0.0.1"]) as names:
        push(exporter_to(canary.port, allow_private=True))
    assert (names.connected, names.asked) == ([(PUBLIC, canary.port), ("127.0.0.1", canary.port)], 1)


def received(connection: socket.socket) -> bytes:
    """A whole request: a connection that is closed with something unread takes the answer with it."""
    data = b""
    while not is_whole(data) and (more := connection.recv(65536)):
        data += more
    return data


def is_whole(data: bytes) -> bool:
    """Whether the head is there, and as much behind it as it says."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@contextmanager
def secured(certificate: Path) -> Iterator[tuple[int, list[str | None], list[bytes]]]:
    """A TLS server that hears the name in the handshake and the head of the request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    said: list[str | None] = []
    heads: list[bytes] = []
    context.sni_callback = lambda _socket, name, _context: said.append(name)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            with context.wrap_socket(server.accept()[0], server_side=True) as connection:
                heads.append(received(connection))
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], said, heads
    server.close()
    thread.join(5)


@pytest.mark.parametrize(("host", "good"), [("rebind.example", True), ("other.example", False)])
def test_pinned_connection_names_the_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, good: bool
) -> None:
    """To the address, with the name in the handshake, in ``Host`` and in the certificate that is checked."""
    certificate = own_certificate(tmp_path / "own.pem", host)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SHUANGSUI_WEBHOOK_SECRET", SECRET)
    with secured(certificate) as (port, said, heads), named(monkeypatch, ["127.0.0.1"]) as names:
        exporter = exporter_to(port, allow_private=True, receipt="status")
        if good:
            assert exporter.send(exporter.convert(disclosed(of_result(1)))).confirmed
        else:
            assert push(exporter).code == "webhook_unreachable"
    assert (said, names.connected) == (["rebind.example"], [("127.0.0.1", port)])
    assert [f"host: rebind.example:{port}\r\n".encode() in head.lower() for head in heads] == [True] * good
