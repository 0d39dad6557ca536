"""Messages through a real SMTP server: who gets them, what they say, and what the server's answers mean."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import ValidationError

from isolated import isolated_notifiers
from shuangsui import Context, Message, Notifier, OutsideFailed
from shuangsui_notify_email import Options, register_notifiers

TO = "leader@jxw.example.gov.cn"
MESSAGE = Message(
    "01a21bbc-f454-71bc-8eac-fdfda526a7a2", "breach", "【逾期】已过公开期限：result/2026-0001-1",
    "某委：已过公开期限\n对象：result/2026-0001-1\n请登录管理端办理。", TO, "/console",
    datetime(2026, 6, 15, 1, tzinfo=UTC),
)  # fmt: skip


@dataclass
class Post:
    """What the server took, and the answers that it gives instead of taking."""

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    to: str = "250 OK"
    answer: str = "250 2.0.0 Ok: queued as 4F3A"
    port: int = 0
    slow: float = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if self.answer.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer


class Server(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    controller = Server(made, hostname="127.0.0.1", port=0)
    controller.start()
    made.port = controller.port
    yield made
    controller.stop()


def mail(port: int = 9, **changes: Any) -> Notifier:
    options = {
        "host": "127.0.0.1", "port": port, "security": "none", "sender": "sss@jxw.example.gov.cn",
        "console": "https://sss.jxw.example.gov.cn", "timeout_seconds": 2, **changes,
    }  # fmt: skip
    (made,) = register_notifiers(Context("moushi", Options(**options), Path()))
    return made


def opened(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=POLICY)
    assert isinstance(found, EmailMessage)
    return found


def failure(port: int, message: Message = MESSAGE) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        mail(port).send(message)
    assert message.address not in caught.value.params["problem"]
    return caught.value


def test_one_person_gets_it_and_nobody_else(post: Post) -> None:
    """Envelope and ``To``; the text, and the way to the console."""
    receipt = mail(post.port).send(MESSAGE)
    ((sender, recipients, data),) = post.taken
    made = opened(data)
    assert (sender, recipients) == ("sss@jxw.example.gov.cn", [TO])
    assert ([one.addr_spec for one in made["To"].addresses], made["Cc"], made["Bcc"]) == ([TO], None, None)
    assert (made["Subject"], made["Auto-Submitted"]) == (MESSAGE.title, "auto-generated")
    assert made["Message-ID"] == f"<{MESSAGE.id}@jxw.example.gov.cn>"
    text = made.get_content().replace("\r\n", "\n")
    assert text == f"{MESSAGE.text}\nhttps://sss.jxw.example.gov.cn/console\n"
    assert (receipt.message, receipt.reference) == (MESSAGE.id, "2.0.0 Ok: queued as 4F3A")
    assert data.isascii()


def test_repeat_is_the_same_letter(post: Post) -> None:
    """Byte for byte, so that mail programs know it by its ``Message-ID``."""
    for _ in range(2):
        mail(post.port).send(MESSAGE)
    assert post.taken[0] == post.taken[1]


def test_without_the_console_s_address_there_is_no_link(post: Post) -> None:
    """A path alone leads nowhere."""
    mail(post.port, console="").send(MESSAGE)
    assert "/console" not in opened(post.taken[0][2]).get_content()


@pytest.mark.parametrize(
    ("to", "answer", "permanent"),
    [("550 5.1.1 no such user", "250 OK", True), ("451 4.2.0 later", "250 OK", False),
     ("250 OK", "554 5.6.0 spam", True), ("250 OK", "452 4.3.1 full", False)],
)  # fmt: skip
def test_answers_say_whether_trying_again_helps(post: Post, to: str, answer: str, permanent: bool) -> None:
    """5xx is for good, 4xx passes; the address stands in no sentence."""
    post.to, post.answer = f"{to} {TO}", answer
    if to == "250 OK":
        post.to = to
    assert failure(post.port).permanent is permanent


def test_server_that_is_away_or_slow_passes(post: Post) -> None:
    """Neither is anybody's fault for good."""
    assert failure(9).permanent is False
    post.slow = 4
    assert failure(post.port).permanent is False


@pytest.mark.parametrize("address", ["leader", "a@b@c.example", "a b@c.example", "a@b.example,c@d.example"])
def test_address_that_is_none_is_refused_for_good(post: Post, address: str) -> None:
    """Before anybody is connected to."""
    assert failure(post.port, replace(MESSAGE, address=address)).permanent is True
    assert post.taken == []


def test_title_makes_no_header(post: Post) -> None:
    """Nothing in it can begin another one; a message with line breaks is not even made."""
    with pytest.raises(ValueError, match="not a message"):
        replace(MESSAGE, title="x\r\nBcc: everybody@evil.example")
    mail(post.port).send(replace(MESSAGE, title="x\u200b Bcc: everybody@evil.example"))
    assert (opened(post.taken[0][2])["Bcc"], post.taken[0][1]) == (None, [TO])


def test_check_connects_and_sends_nothing(post: Post) -> None:
    """And says what it found."""
    good, bad = mail(post.port).check(), mail(9).check()
    assert (good.ok, bad.ok, post.taken) == (True, False, [])
    assert (str(post.port) in good.message, bad.message.endswith("。")) == (True, True)


@pytest.mark.parametrize(
    "changes",
    [{"sender": "nobody"}, {"console": "sss.example"}, {"console": "https://a.example/x"}, {"user": "sss"},
     {"security": "tls"}, {"port": 0}, {"adresses": ("x",)}],
)  # fmt: skip
def test_options_that_cannot_work_are_refused(changes: dict[str, Any]) -> None:
    """At the start, with file and line, not with the first message."""
    with pytest.raises(ValidationError):
        mail(**changes)


def test_in_its_own_process(post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the platform runs it; the server's words come back without the address."""
    post.answer = f"250 queued for {TO}"
    options = f'host = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\nsender = "sss@jxw.example.gov.cn"'
    with isolated_notifiers(tmp_path, monkeypatch, "shuangsui_notify_email", options) as (way,):
        receipt = way.send(MESSAGE)
        assert (way.key, way.address_kind, way.check().ok) == ("tried-shuangsui-notify-email/email", "email", True)
    assert (receipt.reference, len(post.taken)) == ("queued for ***", 1)
