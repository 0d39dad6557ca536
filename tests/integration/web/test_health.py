"""What an operator's machinery asks."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from shuangsui.db.connect import connect


@pytest.fixture
def database(settings):
    """A real one in place of the empty file."""
    (settings.var / "shuangsui.db").unlink()
    engine = connect(make_url(settings.database))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
    engine.dispose()


def test_live_says_the_process_answers(client):
    """Whatever else is missing."""
    assert client.get("/livez").json() == {"status": "ok"}


def test_ready_with_tree_and_database(client, database):
    """Both parts are there."""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"public": True, "database": True})


def test_not_ready_without_database_and_makes_none(client, settings):
    """A probe that created the database would hide that somebody lost it."""
    file = settings.var / "shuangsui.db"
    file.unlink()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], file.exists()) == (503, False, False)


def test_not_ready_with_a_file_that_is_no_database(client, settings):
    """The answer is no, not an error."""
    (settings.var / "shuangsui.db").write_bytes(b"not a database at all" * 100)
    assert client.get("/readyz").json() == {"public": True, "database": False}


def test_not_ready_without_public_tree(client, settings, database):
    """Somebody forgot to mount it."""
    settings.public.rename(settings.var / "elsewhere")
    assert client.get("/readyz").json() == {"public": False, "database": True}
