"""后台任务: dead letters seen and started again, by command and by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from authority import Authority
from command import Installation
from console import DATA
from officials import Official, officials
from shelf import Place
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.cli.desk import database
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow, WorkState, enqueue
from shuangsui.settings import Settings
from shuangsui.worker.messages import JOBS
from shuangsui.worker.work import known
from workbench import HERE, OTHER

WHY = "插件 portal 没有成功：连不上"
T = ("--tenant", HERE)


def plant(engine, tenant: str, state: WorkState, key: str | None = None) -> UUID:
    """A row as a worker leaves it."""
    with db.session(engine, tenant) as session:
        made = enqueue(session, "registry.pull", key=key, feed="registrar")
        row = session.find(OutboxRow, made)
        row.state, row.attempts, row.error = state, 3, WHY if state is WorkState.DEAD else ""
        session.add(row)
    return made


def state_of(engine, tenant: str, id_: UUID) -> tuple[WorkState, int]:
    with db.session(engine, tenant, readonly=True) as session:
        row = session.find(OutboxRow, id_)
        return row.state, row.attempts


def acts(engine) -> list[tuple[str, str]]:
    """Who started what again, as the ledger has it."""
    with db.session(engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == "job.again").order_by(LedgerEntry.n))
        return [(row.actor, row.subject) for row in rows]


@pytest.fixture
def authority(place: Place) -> Authority:
    """Users only, and the administrator of the system."""
    made = Authority(place.engine, place.folder, place=place)
    with made.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    return made


@pytest.fixture
def enter(authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Official]]:
    with officials(authority, place.database.app, monkeypatch) as made:
        yield made


def test_every_job_has_a_chinese_name() -> None:
    """And no name is left of a job that is gone."""
    assert set(JOBS) == set(known().jobs)


def test_page_lists_what_is_not_done_dead_first(place: Place, enter: Callable[..., Official]) -> None:
    """With the sentence of the last error; what is done and what is another tenant's is not there."""
    engine = place.engine
    waiting = plant(engine, HERE, WorkState.NEW)
    dead = plant(engine, HERE, WorkState.DEAD, "registrar/2026-06-15")
    plant(engine, HERE, WorkState.DONE)
    plant(engine, OTHER, WorkState.DEAD)
    sys = enter("sys")
    shown = sys.read("/jobs")
    ids = [row["id"] for row in shown["rows"] if row["job"] == "registry.pull"]
    assert (ids[0], set(ids)) == (str(dead), {str(dead), str(waiting)})
    assert (shown["rows"][0]["state_name"], shown["rows"][0]["key"]) == ("已停办", "registrar/2026-06-15")
    page = sys.page("/jobs").text
    assert (WHY in page, "其中已停办 1 项" in page, "拉取名录" in page) == (True, True, True)
    assert [row["id"] for row in sys.read("/jobs?state=dead")["rows"]] == [str(dead)]


def test_button_starts_one_again(place: Place, enter: Callable[..., Official]) -> None:
    """With all its attempts; the act stands in the ledger. What is done or running is left alone."""
    dead, done = plant(place.engine, HERE, WorkState.DEAD, "k"), plant(place.engine, HERE, WorkState.DONE)
    running = plant(place.engine, HERE, WorkState.RUNNING)
    sys = enter("sys")
    assert sys.offers(f"/jobs/{dead}") == ["again"]
    sys.done(f"/jobs/{dead}/again")
    assert state_of(place.engine, HERE, dead) == (WorkState.NEW, 0)
    assert acts(place.engine) == [("sys", "registry.pull/k")]
    for other in (done, running):
        assert sys.offers(f"/jobs/{other}") == []
        assert sys.refused(f"/jobs/{other}/again")[:2] == (409, "work_not_waiting")
    assert len(acts(place.engine)) == 1


def test_button_starts_every_dead_one_again(place: Place, enter: Callable[..., Official]) -> None:
    """Of this tenant only; afterwards there is nothing to press."""
    mine = [plant(place.engine, HERE, WorkState.DEAD, str(n)) for n in range(3)]
    foreign = plant(place.engine, OTHER, WorkState.DEAD)
    sys = enter("sys")
    assert sys.offers("/jobs") == ["again"]
    sys.done("/jobs/again")
    assert {state_of(place.engine, HERE, one) for one in mine} == {(WorkState.NEW, 0)}
    assert state_of(place.engine, OTHER, foreign)[0] is WorkState.DEAD
    assert acts(place.engine) == [("sys", f"registry.pull/{n}") for n in range(3)]
    assert sys.offers("/jobs") == []
    assert sys.refused("/jobs/again")[1] == "work_none_dead"


def test_other_roles_see_and_start_nothing(place: Place, enter: Callable[..., Official]) -> None:
    """Neither by the page nor by the API."""
    dead = plant(place.engine, HERE, WorkState.DEAD)
    for login, role in (("lead", Role.LEAD_OFFICE), ("leader", Role.LEADER), ("supervisor", Role.SUPERVISOR)):
        official = enter(login, role)
        for path in ("/jobs", f"/jobs/{dead}"):
            assert official.page(path).status_code == 403
            assert official.browser.get(f"/api{path}", headers=DATA).status_code == 403
            assert official.call(f"{path}/again").json()["code"] == "not_allowed"
        assert 'href="/console/jobs"' not in official.page("/").text
    assert (state_of(place.engine, HERE, dead)[0], acts(place.engine)) == (WorkState.DEAD, [])


def test_row_of_another_tenant_answers_like_one_that_is_missing(place: Place, enter: Callable[..., Official]) -> None:
    """Nothing tells one from the other."""
    foreign = plant(place.engine, OTHER, WorkState.DEAD)
    sys = enter("sys")
    for id_ in (foreign, uuid4(), "nothing"):
        assert sys.page(f"/jobs/{id_}").status_code == 404
        answer = sys.call(f"/jobs/{id_}/again")
        assert (answer.status_code, answer.json()["code"]) == (404, "work_missing")
    assert state_of(place.engine, OTHER, foreign)[0] is WorkState.DEAD


@pytest.fixture
def at(tmp_path) -> Installation:
    """An installation of its own with an administrator of the system and a lead office."""
    made = Installation(tmp_path / "var")
    made.done("user", "bootstrap", "sec.admin", "--name", "安全员", *T)
    for login, role in (("sys", "system_admin"), ("lead", "lead_office")):
        made.done("user", "add", login, "--name", login, *T, "--as", "sec.admin")
        made.done("user", "grant", login, role, *T, "--as", "sec.admin")
    return made


def test_command_lists_and_starts_again(at: Installation) -> None:
    """One by its number, or all dead ones; ``--state`` also shows what is done."""
    engine = database(Settings(var=at.var))
    dead = [plant(engine, HERE, WorkState.DEAD, str(n)) for n in range(3)]
    done = plant(engine, HERE, WorkState.DONE)
    listed = at.done("job", "list", *T, "--json").json
    assert [(row["id"], row["state"], row["error"]) for row in listed[:3]] == [(str(one), "dead", WHY) for one in dead]
    assert list(listed[0]) == ["id", "job", "key", "state", "attempts", "run_at", "error", "called"]
    assert [row["id"] for row in at.done("job", "list", *T, "--state", "done", "--json").json] == [str(done)]
    assert WHY in at.done("job", "list", *T, "--state", "dead").out
    assert at.done("job", "again", dead[1], *T, "--as", "sys", "--json").json == {"count": 1}
    assert [row["id"] for row in at.done("job", "list", *T, "--state", "dead", "--json").json] == [
        str(dead[0]), str(dead[2])
    ]  # fmt: skip
    assert at.done("job", "again", "--dead", *T, "--as", "sys", "--json").json == {"count": 2}
    assert at.done("job", "again", "--dead", *T, "--as", "sys", "--json").json == {"count": 0}
    assert acts(engine) == [("sys", f"registry.pull/{n}") for n in (1, 0, 2)]
    engine.dispose()


def test_command_refuses(at: Installation) -> None:
    """Other roles, both or neither of number and ``--dead``, another tenant's row as one that is missing."""
    engine = database(Settings(var=at.var))
    mine, foreign = plant(engine, HERE, WorkState.DEAD), plant(engine, OTHER, WorkState.DEAD)
    for words, status, code in (
        ((mine, "--as", "lead"), 1, "not_allowed"),
        (("--dead", "--as", "lead"), 1, "not_allowed"),
        (("--as", "sys"), 2, "work_which"),
        ((mine, "--dead", "--as", "sys"), 2, "work_which"),
        ((foreign, "--as", "sys"), 2, "work_missing"),
        ((uuid4(), "--as", "sys"), 2, "work_missing"),
        (("nothing", "--as", "sys"), 2, "work_missing"),
    ):
        said = at.run("job", "again", *words, *T)
        assert (said.status, code in said.err) == (status, True), (words, said)
    assert {state_of(engine, HERE, mine)[0], state_of(engine, OTHER, foreign)[0]} == {WorkState.DEAD}
    assert acts(engine) == []
    engine.dispose()
