"""What is pushed and what counts as a receipt, against a receiver that verifies with the standard's own library."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook as Signer
from standardwebhooks import WebhookVerificationError

from disclosing import AUTHORITY, disclosed, of_decision, of_result, of_round
from isolated import isolated
from shuangsui import (
    ContentRefused,
    Context,
    Disclosed,
    Exporter,
    NoticeContent,
    OutsideFailed,
    Package,
    WithheldContent,
)
from shuangsui.extension import options as plugin_options
from shuangsui_channel_webhook import Options, register_exporters
from shuangsui_channel_webhook.message import SCHEMA

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
VARIABLE = "SHUANGSUI_WEBHOOK_SECRET"
AT = "2026-11-26T08:00:00+00:00"
WITHHELD = Disclosed(AUTHORITY, "9", 1, "publish", WithheldContent(9, "检查", "CQ2026-0001", "x"), date(2026, 11, 26))
NOTICE = Disclosed(
    AUTHORITY, "TB-1", 1, "publish", NoticeContent(("某局",), "x", "y", of_result(1)), date(2026, 11, 26)
)
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Receiver:
    """Keeps what it can verify, once for each ``webhook-id``; ``answer`` may replace what it would say."""

    kept: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[Answer], Answer] = lambda said: said
    address: str = ""

    def take(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.asked.append((method, headers, body))
        if method != "POST":
            return 405, {}, b""
        try:
            data = Signer(SECRET).verify(body, dict(headers))["data"]
        except WebhookVerificationError:
            return 401, {}, b""
        self.kept.setdefault(headers["webhook-id"], data)
        return 200, *receipt(data, body)


def receipt(
    data: Any, body: bytes, secret: str = SECRET, at: datetime | None = None, **changes: Any
) -> tuple[Any, bytes]:
    """Headers and body of a signed receipt."""
    names = {name: data[name] for name in ("external_id", "revision")}
    said = json.dumps({**names, "digest": hashlib.sha256(body).hexdigest(), "reference": "No-7", "at": AT, **changes})
    now = at or datetime.now(UTC)
    signature = Signer(secret).sign("answer-1", now, said)
    head = {"Webhook-Id": "answer-1", "Webhook-Timestamp": str(int(now.timestamp())), "Webhook-Signature": signature}
    return head, said.encode()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv(VARIABLE, SECRET)
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said, answer = made.answer(made.take(self.command, headers, body))
            self.send_response(status)
            for name, value in said.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            with suppress(OSError):  # whoever asked may be gone
                self.wfile.write(answer)

        do_POST = do_OPTIONS = _serve  # noqa: N815 - the names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}/hook"
    yield made
    server.shutdown()
    server.server_close()


def made(receiver: Receiver, **changes: Any) -> Exporter:
    options = {"receivers": (f"shuju={receiver.address}",), "allow_private": True, "allow_http": True, **changes}
    (exporter,) = register_exporters(Context("moushi", Options(**options), Path()))
    return exporter


def package(exporter: Exporter, number: int = 1, **changes: Any) -> Package:
    return exporter.convert(disclosed(of_result(number), **changes))


def failure(exporter: Exporter, one: Package) -> tuple[str, bool]:
    with pytest.raises(OutsideFailed) as caught:
        exporter.send(one)
    assert caught.value.params["problem"]
    assert SECRET not in caught.value.params["problem"]
    return caught.value.code, caught.value.permanent


def test_signed_receipt_confirms(receiver: Receiver) -> None:
    """The library verifies what came; the answer carries the receiver's number and time."""
    exporter = made(receiver)
    one = package(exporter)
    sent = exporter.send(one)
    assert (sent.channel, sent.reference, sent.digest, sent.confirmed) == ("shuju", "No-7", one.digest, True)
    assert sent.at == datetime.fromisoformat(AT)
    assert list(receiver.kept) == [f"{one.external_id}-1"]
    assert exporter.read_back(one).confirmed is False


def test_repeat_is_known_by_its_id_and_the_same_bytes(receiver: Receiver) -> None:
    """An earlier answer may have been lost; each revision has an id of its own."""
    exporter = made(receiver)
    one, corrected = package(exporter), package(exporter, revision=2, action="correct")
    for sent in (one, one, corrected):
        assert exporter.send(sent).confirmed
    assert list(receiver.kept) == [f"{one.external_id}-1", f"{one.external_id}-2"]
    assert receiver.asked[0][2] == receiver.asked[1][2]


@pytest.mark.parametrize(
    "item",
    [disclosed(of_result(1)), disclosed(of_round(1)), disclosed(of_decision(2), action="withdraw"), WITHHELD],
    ids=["result", "round", "decision", "withheld"],
)
def test_body_fits_the_schema_and_says_all(receiver: Receiver, item: Disclosed) -> None:
    """Days, times and amounts as texts; the type says what happened."""
    exporter = made(receiver, kinds=("round", "result", "withheld", "decision"))
    body = json.loads(exporter.convert(item).data)
    assert [error.message for error in jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(body)] == []
    assert (body["type"], body["timestamp"]) == (f"disclosure.{item.kind}.{item.action}", "2026-11-26T00:00:00+08:00")
    assert (body["data"]["external_id"], body["data"]["key"]) == (item.external_id, item.key)
    assert exporter.takes(item)
    assert exporter.schema == SCHEMA


def test_address_of_a_sole_owner_stays_here(receiver: Receiver) -> None:
    """It is often a home; that of a firm is public."""
    sent = {number: json.loads(package(made(receiver), number).data)["data"]["content"]["object"] for number in (6, 7)}
    assert [(one["sole_owner"], one["address"]) for one in sent.values()] == [(False, "某路1号"), (True, "")]


def test_notice_is_never_pushed(receiver: Receiver) -> None:
    """It is for its recipients; neither the options nor the exporter let it through."""
    with pytest.raises(ContentRefused):
        made(receiver).convert(NOTICE)
    with pytest.raises(ValidationError, match="定向通报不得推送"):
        made(receiver, kinds=("notice",))
    assert made(receiver).takes(NOTICE) is False
    assert made(receiver).takes(disclosed(of_decision(1))) is False


def mirrored(receiver: Receiver) -> Answer:
    """Our own request as the answer: well signed, but nobody's receipt."""
    _, headers, body = receiver.asked[-1]
    return 200, {name: value for name, value in headers.items() if name.startswith("webhook-")}, body


def changed(**changes: Any) -> Callable[[Receiver], Answer]:
    return lambda receiver: (200, *receipt(*_last(receiver), **changes))


def _last(receiver: Receiver) -> tuple[Any, bytes]:
    body = receiver.asked[-1][2]
    return json.loads(body)["data"], body


def tampered(receiver: Receiver) -> Answer:
    head, body = receipt(*_last(receiver), reference="No-7")
    return 200, head, body.replace(b"No-7", b"No-8")


def headless(receiver: Receiver) -> Answer:
    return 200, {}, receipt(*_last(receiver))[1]


ODD: dict[str, Callable[[Receiver], Answer]] = {
    "no headers": headless,
    "another secret": changed(secret=OTHER),
    "tampered with": tampered,
    "too old": changed(at=datetime(2026, 1, 1, tzinfo=UTC)),
    "of another thing": changed(external_id="0" * 40),
    "of another revision": changed(revision=2),
    "revision as a text": changed(revision="1"),
    "of other bytes": changed(digest="0" * 64),
    "our own request": mirrored,
    "no JSON": lambda _: (200, {}, b"<html>"),
    "a list": lambda _: (200, {}, b"[]"),
    "empty": lambda _: (204, {}, b""),
    "garbled signature": lambda r: (200, {**receipt(*_last(r))[0], "Webhook-Signature": "v1"}, receipt(*_last(r))[1]),
    "not UTF-8": lambda r: (200, receipt(*_last(r))[0], b"\xff"),
}


@pytest.mark.parametrize("case", ODD)
def test_answer_that_is_no_receipt_does_not_count(receiver: Receiver, case: str) -> None:
    """It is tried again; nothing is lost by that."""
    receiver.answer = lambda _said: ODD[case](receiver)
    exporter = made(receiver)
    assert failure(exporter, package(exporter)) == ("webhook_receipt", False)


FOR_GOOD = (400, 401, 403, 404, 410, 301, 307)
PASSING = (408, 425, 429, 500, 502, 503, 599)


@pytest.mark.parametrize("status", [*FOR_GOOD, *PASSING])
def test_refusal_is_for_good_or_not(receiver: Receiver, status: int) -> None:
    """4xx and redirects need a person, all else needs time."""
    receiver.answer = lambda _said: (status, {"Location": receiver.address}, b"")
    exporter = made(receiver)
    assert failure(exporter, package(exporter)) == ("webhook_refuses", status in FOR_GOOD)
    assert len(receiver.asked) == 1


def test_status_counts_only_where_the_options_say_so(receiver: Receiver) -> None:
    """Weaker: nobody knows what the receiver kept."""
    receiver.answer = lambda _said: (202, {}, b"")
    exporter = made(receiver, receipt="status")
    one = package(exporter)
    assert (exporter.send(one).confirmed, exporter.send(one).reference) == (True, f"{one.external_id}-1")


def test_wrong_secret_is_refused_by_the_receiver(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library says so, and so it is for good."""
    monkeypatch.setenv(VARIABLE, OTHER)
    exporter = made(receiver)
    assert failure(exporter, package(exporter)) == ("webhook_refuses", True)
    assert receiver.kept == {}


@pytest.mark.parametrize(
    "secret", ["", "plain", "whsec_", "whsec_c2hvcnQ=", "whsec_****", SECRET.removeprefix("whsec_")]
)
def test_secret_that_is_none_names_the_variable(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """Before anything is sent."""
    monkeypatch.setenv(VARIABLE, secret)
    exporter = made(receiver)
    assert failure(exporter, package(exporter)) == ("webhook_secret", True)
    assert VARIABLE in exporter.check().message
    assert receiver.asked == []


def test_answer_that_never_ends_is_cut(receiver: Receiver) -> None:
    """A receipt is short."""
    receiver.answer = lambda _said: (200, {}, b"x" * (1 << 20))
    exporter = made(receiver)
    assert failure(exporter, package(exporter)) == ("webhook_unreachable", False)


def test_slow_receiver_is_left(receiver: Receiver) -> None:
    """Within the seconds of the options."""
    ended = threading.Event()
    receiver.answer = lambda said: (ended.wait(5), said)[1]
    exporter = made(receiver, timeout_seconds=1)
    assert failure(exporter, package(exporter)) == ("webhook_timeout", False)
    ended.set()


def test_proxies_of_the_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was looked at is the one that is connected to."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    exporter = made(receiver)
    assert exporter.send(package(exporter)).confirmed


def test_check_sends_nothing_and_says_what_to_mend(receiver: Receiver) -> None:
    """A connection, no content."""
    assert made(receiver).check().message == f"接收方 shuju（{receiver.address}）可以连接，签名密钥已设置。"
    assert [method for method, _, _ in receiver.asked] == ["OPTIONS"]
    gone = made(receiver, receivers=("http://127.0.0.1:9/",)).check()
    assert (gone.ok, gone.message) == (False, "接收方 webhook（http://127.0.0.1:9/）没有正常答复（ConnectError）。")


def test_each_receiver_is_an_exporter_with_its_own_secret(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the child process gets the variables of all."""
    monkeypatch.setenv("HOOK_B", OTHER)
    options = Options(
        receivers=("a=https://a.example/x", f"b={receiver.address}"), secrets_env=("b=HOOK_B",),
        allow_http=True, allow_private=True,
    )  # fmt: skip
    exporters = register_exporters(Context("moushi", options, Path()))
    assert [(one.name, one.duty, one.kinds) for one in exporters] == [
        ("a", "", ("round", "result", "withheld")),
        ("b", "", ("round", "result", "withheld")),
    ]
    assert plugin_options.secrets(options) == (VARIABLE, "HOOK_B")
    assert failure(exporters[1], package(exporters[1])) == ("webhook_refuses", True)


@pytest.mark.parametrize(
    "changes",
    [
        {"receivers": ()},
        {"receivers": ("ftp://a.example",)},
        {"receivers": ("http://a.example",)},
        {"receivers": ("A=https://a.example",)},
        {"receivers": ("https://a.example", "https://b.example")},
        {"receivers": ("a=https://a.example", "a=https://b.example")},
        {"receivers": ("https://user:secret@a.example",)},
        {"receivers": ("https://a.example/?key=1",)},
        {"secrets_env": ("b=HOOK_B",)},
        {"secrets_env": ("HOOK_B",)},
        {"receipt": "none"},
        {"kinds": ()},
    ],
)
def test_options_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    """Found when the configuration is read."""
    Options(receivers=("a=https://a.example",))
    with pytest.raises(ValidationError):
        Options(**{"receivers": ("a=https://a.example",), **changes})


def test_platform_pushes_from_a_child_process(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which has the secret of each receiver and nothing else; a wrong one is never repeated."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("HOOK_B", SECRET)
    options = (
        f'receivers = ["b={receiver.address}"]\nsecrets_env = ["b=HOOK_B"]\nallow_private = true\nallow_http = true'
    )
    with isolated(tmp_path, monkeypatch, "shuangsui_channel_webhook", options) as (exporter,):
        one = exporter.convert(disclosed(of_result(1)))
        assert (exporter.send(one).confirmed, exporter.check().ok) == (True, True)
        receiver.answer = lambda _said: (503, {}, b"")
        with pytest.raises(OutsideFailed) as caught:
            exporter.send(one)
    assert (caught.value.code, caught.value.permanent) == ("plugin_failed", False)
    assert caught.value.params["reason"] == f"接收方 b（{receiver.address}）答复 503，没有收下"
