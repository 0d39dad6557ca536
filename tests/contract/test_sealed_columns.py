"""Every column that holds a telephone or an identity number is sealed, and every other says why its name does not."""

from __future__ import annotations

import re

from sqlalchemy import JSON, Column, LargeBinary, String

from shuangsui.db import SealedMap, SealedText
from shuangsui.migrations import metadata
from shuangsui.privacy.identifiers import identifiers
from shuangsui.registry.columns import DECISIONS, EXPERTS, INSPECTORS, INTERESTS, ITEMS, OBJECTS

SEALED = {"notification_recipient.addresses", "signature_contact.contact"}
"""Telephones, mail and the like of people; identity numbers are refused wherever a number of a person is taken in."""
TELLING = re.compile("contact|phone|mobile|(^|_)tel(_|$)|fax|address|id_?(no|card)|identity|passport|cert|number")
"""How a column that holds one could be called."""
OTHERWISE = {
    "address_throttle.address": "a network address, and the key by which attempts are counted",
    "code_filing.number": "under which the enforcement system took a report",
    "decision.certificate": "the licence that a decision is about, which is public",
    "decision.number": "the number of a decision of penalty or licence, which is public",
    "inspection_object.address": "the registered domicile of a company, which is public",
    "inspector.cert_no": "shown to everybody inspected, published with a draw, and the key that names a person",
    "issued_document.number": "文号",
    "person_link.number": "the certificate or expert number that stands in the registry",
    "visit.certificates": "the certificate numbers that were shown",
}


def columns() -> dict[str, Column]:
    """Everything that could hold a text."""
    every = [column for table in metadata().sorted_tables for column in table.columns]
    return {
        f"{one.table.name}.{one.name}": one
        for one in every
        if isinstance(getattr(one.type, "impl_instance", one.type), String | JSON | LargeBinary)
    }


def test_sealed_columns_are_the_known_ones() -> None:
    """One more is welcome, one less needs a reason."""
    assert {name for name, one in columns().items() if isinstance(one.type, SealedText | SealedMap)} == SEALED


def test_column_with_a_telling_name_is_sealed_or_says_why_not() -> None:
    """A new table cannot bring a plain telephone in without somebody writing its name down here."""
    assert {name for name, one in columns().items() if TELLING.search(one.name)} == SEALED | set(OTHERWISE)


def test_no_registry_file_has_a_column_for_one() -> None:
    """The law asks for none of them in a 名录库; what looks like an identity number is a row error (``id_number``)."""
    headers = [
        header for kind in (OBJECTS, INSPECTORS, EXPERTS, INTERESTS, ITEMS, DECISIONS)
        for one in kind.columns for header in one.headers
    ]  # fmt: skip
    assert len(headers) > 60
    assert [one for one in headers if re.search("身份证|电话|手机|联系方式|护照|邮箱", one)] == []


def test_linter_knows_what_is_looked_for() -> None:
    """The same kinds of numbers that may not leave may not be stored either."""
    found = {kind for text in ("11010519491231002X", "13900139001") for kind, _, _ in identifiers(text)}
    assert found == {"resident_id", "mobile"}
