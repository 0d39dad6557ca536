"""Where people may be reached: their own business and the security administrator's, and nobody else's."""

from __future__ import annotations

import pytest
from sqlmodel import select

from authority import Authority
from notifying import Desk
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotAllowed, NotFound
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.notification import policy, recipients
from shuangsui.notification.tables import Recipient

SECRETS = ("leader@jxw.example.gov.cn", "13800138000", "zhang.san")


def change(desk: Desk, login: str, kind: str, text: str, by: str) -> None:
    with desk.authority.session() as session:
        recipients.set_address(session, desk.authority.office.vault, login, kind, text, by=by)


def opened(authority: Authority, session: TenantSession, login: str, kind: str) -> str:
    return recipients.reached(session, login).address(authority.office.vault, kind)


def test_everybody_sets_his_own_and_the_security_administrator_everybody_s(desk: Desk) -> None:
    """Nobody else, not even the leader for his office; shown masked."""
    change(desk, "leader", "wecom", "zhang.san", "leader")
    change(desk, "checker", "phone", "+86 138-0013-8001", "sec.admin")
    with pytest.raises(NotAllowed, match="not_allowed"):
        change(desk, "checker", "phone", "13800138002", "leader")
    with desk.authority.session() as session:
        assert recipients.shown(session, desk.authority.office.vault, "leader", by="leader") == {
            "login": "leader", "digest": True,
            "addresses": {"email": "l***@jxw.example.gov.cn", "phone": "138***00", "wecom": "z***"},
        }  # fmt: skip
        assert opened(desk.authority, session, "checker", "phone") == "13800138001"
        with pytest.raises(NotAllowed, match="not_allowed"):
            recipients.shown(session, desk.authority.office.vault, "leader", by="checker")


def test_ledger_says_that_an_address_changed_and_not_to_what(desk: Desk) -> None:
    """It is kept for ever and read by many; neither does a row say it when it is printed."""
    change(desk, "leader", "wecom", "zhang.san", "leader")
    change(desk, "leader", "phone", "", "leader")
    with desk.authority.session() as session:
        recipients.set_digest(session, "leader", False, by="leader")
        rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
        own = [(row.act, row.payload) for row in rows if row.act.startswith("user.") and row.subject == "leader"][-3:]
        printed = "".join(repr(row) for row in session.exec(select(Recipient)))
    assert own == [
        ("user.address", '{"kind":"wecom","set":true}'), ("user.address", '{"kind":"phone","set":false}'),
        ("user.digest", '{"wanted":false}'),
    ]  # fmt: skip
    assert not [secret for secret in SECRETS for row in rows if secret in row.payload]
    assert not [secret for secret in SECRETS if secret in printed]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("email", "leader"), ("email", "a@b\nBcc: x@y.example"), ("email", "a b@c.example"), ("phone", "023-12345678"),
     ("phone", "1380013800"), ("wecom", "张三"), ("wecom", "a|b"), ("wecom", "@all")],
)  # fmt: skip
def test_address_that_cannot_be_one_is_refused_and_not_repeated(desk: Desk, kind: str, text: str) -> None:
    """Two recipients in one field, another header, everybody at once."""
    with pytest.raises(BadInput, match="address_invalid") as caught:
        change(desk, "leader", kind, text, "leader")
    assert text not in str(caught.value)


def test_kind_that_nobody_knows_is_refused(desk: Desk) -> None:
    """The list is closed."""
    with pytest.raises(BadInput, match="address_kind"):
        change(desk, "leader", "fax", "023", "leader")


def test_people_of_another_authority_are_not_there(desk: Desk) -> None:
    """Neither to be seen nor to be changed, whatever they have there; who works for both has two sets."""
    other = desk.authority.beside("yuzhong")
    with other.session() as session:
        assert recipients.reached(session, "leader").addresses == {}
        there = other.office.vault
        recipients.set_address(session, there, "leader", "email", "leader@yuzhong.example.gov.cn", by="leader")
        assert opened(other, session, "leader", "email") == "leader@yuzhong.example.gov.cn"
        assert len(session.exec(select(Recipient)).all()) == 1
    here = desk.authority.office.vault
    with desk.authority.session() as session:
        assert opened(desk.authority, session, "leader", "email") == "leader@jxw.example.gov.cn"
        with pytest.raises(NotFound, match="user_missing"):
            recipients.set_address(session, here, "nobody", "email", "a@b.example", by="sec.admin")
        with pytest.raises(NotAllowed, match="user_unknown"):
            recipients.set_address(session, here, "nobody", "email", "a@b.example", by="nobody")


def test_no_public_page_has_an_address(desk: Desk) -> None:
    """The whole site of an authority whose people have every kind of them."""
    change(desk, "leader", "wecom", "zhang.san", "leader")
    desk.authority.publish_list()
    desk.alarm()
    desk.work()
    files = [file for file in (desk.folder / "public").rglob("*") if file.is_file()]
    assert len(files) > 10
    assert not [file for file in files for one in SECRETS if one.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    ("address", "shown"),
    [("leader@jxw.example.gov.cn", "l***@jxw.example.gov.cn"), ("13800138000", "138***00"), ("zhang.san", "z***")],
)
def test_masked_address_tells_two_apart_and_no_more(address: str, shown: str) -> None:
    """For the command line."""
    assert policy.masked(address) == shown
