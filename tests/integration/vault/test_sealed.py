"""Telephones and contacts under keys outside the database: found nowhere in it, opened in their own place only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from authority import Authority, office_of
from inspecting import Team, team
from keeping import STORE, Box, cells, keep, settled
from notifying import Box as Mailbox
from notifying import Desk
from officials import Official, officials
from shelf import Place as Start
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.inspections import records
from shuangsui.inspections.states import Party
from shuangsui.inspections.tables import SignatureContact
from shuangsui.ledger import rollback
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.migrations import metadata
from shuangsui.notification import recipients
from shuangsui.notification.tables import Recipient
from shuangsui.outbox import OutboxRow
from shuangsui.privacy.identifiers import identifiers
from shuangsui.vault import resealing
from shuangsui.vault.policy import OWN, Place
from shuangsui.vault.resealing import RESEAL
from shuangsui.vault.service import Vault

PHONE, MAIL, CONTACT = "13900139001", "leader@jxw.example.gov.cn", "023-67890001"
MARK = "对照的姓名"
"""What may be found: so that looking for the others means something."""


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def authority(place: Start, box: Box, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The city keeps its keys in a box, its neighbour has none of its own."""
    keep(monkeypatch, chongqing=[box.loaded])
    return Authority(place.engine, place.folder, place=place)


@pytest.fixture
def desk(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk.of(authority, tmp_path, monkeypatch)
    made.address("leader", phone=PHONE, email=MAIL)
    made.address("checker", phone="13900139002")
    return made


@pytest.fixture
def signed(desk: Desk) -> Team:
    """A witness has signed under a record and left how he can be reached."""
    one = team(desk.authority)
    one.until("sign")
    one.act(records.refuse, "拒绝签字")
    one.act(records.sign, MARK, Party.WITNESS, contact=one.office.vault.sealing(CONTACT))
    return one


def address(authority: Authority, login: str = "leader", kind: str = "phone") -> str:
    """Opened with keys that are asked for anew."""
    with authority.session() as session:
        return recipients.reached(session, login).address(authority.office.vault, kind)


def contact(one: Team) -> str:
    with one.authority.session() as session:
        row = session.exec(select(SignatureContact)).one()
        return one.office.vault.open(row.contact, Place.of(row, "contact"))


def counts(authority: Authority) -> dict[str, int]:
    with authority.session() as session:
        return {str(key): n for key, n in resealing.counts(session, metadata()).items()}


def code(do: Callable[[], object]) -> str:
    with pytest.raises(ShuangsuiError) as caught:
        do()
    return caught.value.code


def sessions(authority: Authority) -> Callable[[], AbstractContextManager[Any]]:
    return partial(db.session, authority.engine, authority.slug)


def test_no_number_stands_in_the_database(signed: Team, place: Start) -> None:
    """Neither in the file nor in any row; what is no number is found, and whoever has the keys reads them."""
    assert (address(signed.authority), contact(signed)) == (PHONE, CONTACT)
    found = settled(place.database, place.engine.dispose)
    assert [one for one in (PHONE, MAIL, CONTACT) if one.encode() in found] == []
    assert MARK.encode() in found
    assert f"sealed:1:{STORE}:k1:".encode() in found


def test_linter_finds_no_telephone_or_identity_number_in_any_row(signed: Team, place: Start) -> None:
    """A whole draw with registries, people, alerts and records; one that is plain would be found."""
    place.engine.dispose()
    assert numbers(place) == set()
    overwrite(place, "signature_contact.contact", PHONE)
    assert numbers(place) == {("signature_contact", "mobile")}


def numbers(place: Start) -> set[tuple[str, str]]:
    """Table and kind of every number of a person that is there to be read."""
    kinds = ("mobile", "resident_id")
    return {(table, kind) for table, cell in cells(place.database) for kind, *_ in identifiers(cell) if kind in kinds}


def test_without_a_key_store_the_master_key_seals(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no authority whose telephones are plain; another master key opens none."""
    keep(monkeypatch)
    with authority.session() as session:
        recipients.set_address(session, authority.office.vault, "leader", "phone", PHONE, by="leader")
    assert address(authority) == PHONE
    (key,) = counts(authority)
    assert key.startswith(f"{OWN}:")
    (authority.folder / "master.key").write_bytes(b"x" * 32)
    authority.office = office_of(authority.folder, authority.today)
    assert code(lambda: address(authority)) == "key_store_other_master"


def test_row_that_takes_over_another_s_ciphertext_does_not_open(desk: Desk, place: Start) -> None:
    """Somebody with the database in his hands gives one person's telephone to another."""
    with desk.authority.session() as session:
        row = recipients.reached(session, "checker").registered
        assert row
        stolen = {kind: one.text for kind, one in row.addresses.items()}
    overwrite(place, "notification_recipient.addresses", json.dumps(stolen))
    assert address(desk.authority, "checker") == "13900139002"
    assert code(lambda: address(desk.authority, "leader")) == "sealed_broken"


@pytest.mark.parametrize("change", ["row", "part", "column", "table", "tenant"])
def test_ciphertext_opens_in_no_other_place(authority: Authority, box: Box, change: str) -> None:
    """One value each differs; the same keys are at hand everywhere."""
    here, there = (Place("notification_recipient", "addresses", db.new_id(), "phone") for _ in range(2))
    vault = authority.office.vault
    sealed = vault.seal(PHONE, here)
    others = {
        "row": there, "part": Place(here.table, here.column, here.row, "email"),
        "column": Place(here.table, "other", here.row, here.part),
        "table": Place("other", here.column, here.row, here.part),
    }  # fmt: skip
    other = Vault("liangjiang", authority.office.keyring, lambda: [box.loaded])
    assert vault.open(sealed, here) == PHONE
    assert (
        code(lambda: (other if change == "tenant" else vault).open(sealed, others.get(change, here))) == "sealed_broken"
    )


def test_changed_ciphertext_does_not_open(authority: Authority) -> None:
    """Whichever character."""
    here = Place("notification_recipient", "addresses", db.new_id(), "phone")
    sealed = authority.office.vault.seal(PHONE, here)
    start = sealed.text.rindex(":") + 1
    for n in range(start, len(sealed.text) - 3):
        other = sealed.text[:n] + ("A" if sealed.text[n] != "A" else "B") + sealed.text[n + 1 :]
        assert code(lambda other=other: authority.office.vault.open(db.Sealed(other), here)) == "sealed_broken"


def test_same_text_is_never_sealed_the_same(authority: Authority) -> None:
    here = Place("notification_recipient", "addresses", db.new_id(), "phone")
    assert len({authority.office.vault.seal(PHONE, here).text for _ in range(50)}) == 50


def test_plain_text_does_not_get_into_a_sealed_column(desk: Desk) -> None:
    """Whoever forgets to seal finds out before the database does."""
    with pytest.raises(StatementError, match="takes Sealed"), desk.authority.session() as session:
        _forget_to_seal(session)


def _forget_to_seal(session: db.TenantSession) -> None:
    for row in session.exec(select(Recipient)).all():
        row.addresses = {"phone": PHONE}  # type: ignore[dict-item]
        session.add(row)
    session.flush()


def test_rotation_moves_everything_and_the_old_key_may_go(signed: Team, box: Box, place: Start) -> None:
    """What is under the old key opens meanwhile; who did it is in the ledger, and no number is."""
    one = signed.authority
    assert counts(one) == {f"{STORE}:k1": 4}
    with one.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
        assert resealing.rotate(session, resealing.renewable(one.office.vault), actor="sys") == "k2"
    assert (address(one), contact(signed)) == (PHONE, CONTACT)
    moved = resealing.reseal(sessions(one), one.office.vault, metadata())
    assert (moved.count, moved.stuck, counts(one)) == (4, [], {f"{STORE}:k2": 4})
    box.keys.remove("k1")
    assert (address(one), contact(signed)) == (PHONE, CONTACT)
    assert resealing.reseal(sessions(one), one.office.vault, metadata()).count == 0
    with one.session() as session:
        acts = session.exec(
            select(LedgerEntry.act, LedgerEntry.subject, LedgerEntry.payload).order_by(col(LedgerEntry.n))
        ).all()
        assert session.exec(select(OutboxRow.job).where(OutboxRow.job == RESEAL)).all() == [RESEAL]
    assert [(act, subject) for act, subject, _ in acts if act.startswith("keys.")] == [
        ("keys.rotate", STORE), ("keys.reseal", f"{STORE}:k2"), ("keys.reseal", f"{STORE}:k2"),
    ]  # fmt: skip
    assert not [payload for _, _, payload in acts if PHONE in payload or CONTACT in payload]


def test_only_the_system_administrator_rotates(authority: Authority, box: Box) -> None:
    """And not where every key is the installation's own."""
    with authority.session() as session:
        assert code(lambda: resealing.rotate(session, box.loaded, actor="leader")) == "not_allowed"
    assert box.keys == ["k1"]
    bare = Vault("chongqing", authority.office.keyring, list)
    assert code(lambda: resealing.renewable(bare)) == "key_store_none"


def test_no_key_is_made_that_the_ledger_does_not_have(
    authority: Authority, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing may be written down, the old key stays the current one."""
    with authority.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    monkeypatch.setitem(rollback._known, _standing(authority), rollback.Standing(0, lag=rollback.Lag(2, 1)))
    with authority.session() as session:
        assert code(lambda: resealing.rotate(session, box.loaded, actor="sys")) == "ledger_rolled_back"
    assert box.keys == ["k1"]


def _standing(authority: Authority) -> tuple[str, str, str]:
    with authority.session() as session:
        return rollback._key(session)[0]


def test_key_that_is_gone_is_told_and_holds_nothing_else_up(signed: Team, box: Box) -> None:
    """The rest is moved; what is under the lost key stays as it is."""
    one = signed.authority
    box.renew()
    with one.session() as session:
        recipients.set_address(session, one.office.vault, "inspection", "phone", "13900139003", by="inspection")
    box.keys = ["k2", "k3"]
    moved = resealing.reseal(sessions(one), one.office.vault, metadata())
    assert (moved.count, {error.code for error in moved.stuck}) == (1, {"key_store_away"})
    assert counts(one) == {f"{STORE}:k1": 4, f"{STORE}:k3": 1}


def test_store_that_is_away_stops_the_move_until_it_is_back(signed: Team, box: Box) -> None:
    """Nothing is half done: the job comes again by itself."""
    one = signed.authority
    box.renew()
    box.away = True
    with pytest.raises(OutsideFailed, match="key_store_away") as caught:
        resealing.reseal(sessions(one), one.office.vault, metadata())
    assert (caught.value.permanent, counts(one)) == (False, {f"{STORE}:k1": 4})
    box.away = False
    assert resealing.reseal(sessions(one), one.office.vault, metadata()).count == 4


def test_store_that_is_off_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it sealed waits for it; new texts are sealed by the master key."""
    keep(monkeypatch)
    assert code(lambda: address(desk.authority)) == "key_store_missing"
    assert desk.authority.office.vault.current().store == OWN


def overwrite(place: Start, column: str, value: str) -> None:
    """In every row, by a database administrator's hand."""
    table, _, name = column.partition(".")
    structured = place.database.is_postgres and name == "addresses"
    with place.database.by_hand() as connection:
        what = "CAST(:one AS jsonb)" if structured else ":one"
        connection.execute(text(f"UPDATE {table} SET {name} = {what}"), {"one": value})


def plain(place: Start) -> None:
    """As an earlier version left it."""
    overwrite(place, "notification_recipient.addresses", f'{{"phone": "{PHONE}"}}')
    overwrite(place, "signature_contact.contact", CONTACT)


def test_plain_texts_of_before_are_sealed_by_the_job(signed: Team, desk: Desk, place: Start) -> None:
    """They open meanwhile, wherever the work was cut short it goes on, and nothing of them stays in the file."""
    one = signed.authority
    plain(place)
    assert (counts(one), address(one), contact(signed)) == ({"None": 3}, PHONE, CONTACT)
    assert PHONE.encode() in settled(place.database, place.engine.dispose)
    desk.ask(RESEAL)
    desk.work()
    assert (counts(one), address(one), contact(signed)) == ({f"{STORE}:k1": 3}, PHONE, CONTACT)
    found = settled(place.database, place.engine.dispose)
    assert [number for number in (PHONE, CONTACT) if number.encode() in found] == []


def test_move_that_was_cut_short_goes_on(signed: Team, place: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each single row."""
    one = signed.authority
    plain(place)
    monkeypatch.setattr(resealing, "PORTION", 1)
    opened, allowed = sessions(one), iter(())

    def few() -> AbstractContextManager[Any]:
        if next(allowed, None) is None:
            raise OutsideFailed("database_unavailable", reason="pulled out")
        return opened()

    left = []
    for portions in range(1, 6):
        allowed = iter(range(portions))
        with suppress(OutsideFailed):
            resealing.reseal(few, one.office.vault, metadata())
        left.append(counts(one).get("None", 0))
    assert left == [2, 1, 1, 0, 0]
    assert counts(one) == {f"{STORE}:k1": 3}


@pytest.fixture
def enter(desk: Desk, place: Start, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Official]]:
    with officials(desk.authority, place.database.app, monkeypatch) as made:
        yield made


def test_page_goes_on_without_the_keys(desk: Desk, box: Box, enter: Callable[..., Official]) -> None:
    """One sentence says why; what needs no key works, what does is refused with the same sentence."""
    leader = enter("leader")
    assert PHONE in leader.page("/account").text
    box.away = True
    page, data = leader.page("/account"), leader.read("/account")
    assert (page.status_code, data["addresses"]) == (200, {"email": "***", "phone": "***"})
    assert "密钥库 memory/box 现在打不开（连不上）" in page.text
    leader.done("/account/digest", digest="no")
    assert leader.refused("/account/address", kind="phone", address=PHONE)[:2] == (503, "key_store_away")
    leader.done("/account/address", kind="email", address="")
    assert leader.read("/account")["addresses"] == {"phone": "***"}
    box.away = False
    assert leader.read("/account")["addresses"] == {"phone": PHONE}


def test_messages_wait_for_the_keys(desk: Desk, box: Box) -> None:
    """They are planned without any key, wait like for a notifier that is down, and go out once it is back."""
    mail = Mailbox()
    desk.ways["chongqing"] = [mail.way]
    box.away = True
    desk.alarm()
    desk.work()
    (row,) = desk.rows()
    assert row.error
    assert (row.state.value, row.error["code"], mail.told) == ("waiting", "key_store_away", [])
    box.away = False
    desk.wait(minutes=10)
    desk.work()
    assert (desk.states(), mail.told) == (["sent"], [MAIL])


def test_address_that_was_tampered_with_is_somebody_s_business(desk: Desk, box: Box, place: Start) -> None:
    """It is not tried for ever."""
    mail = Mailbox()
    desk.ways["chongqing"] = [mail.way]
    overwrite(place, "notification_recipient.addresses", f'{{"email": "sealed:1:{STORE}:k1:AAAA"}}')
    desk.alarm()
    desk.work()
    (row,) = desk.rows()
    assert row.error
    assert (row.state.value, row.error["code"]) == ("refused", "sealed_broken")
