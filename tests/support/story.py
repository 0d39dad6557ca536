"""One article told at the command line; what goes before it is done by services, quickly and on a clock of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from authority import SUPERVISOR, Authority
from command import Installation, Said
from fairdraw.verification import Verification
from inspecting import Team
from shuangsui import db
from shuangsui.cli.walk import Course
from shuangsui.draws import transcripts
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.inspections import forms, records, tasks
from shuangsui.migrations import migrate

T = ("--tenant", "chongqing")


@dataclass
class Story:
    """An embedded installation and the authority at work in it."""

    at: Installation
    authority: Authority
    draw: Draw = field(init=False, repr=False)

    def run(self, *words: object, by: str = "") -> Said:
        """A command of the municipal authority, as ``by`` where it is an official act."""
        return self.at.run(*words, *T, *(("--as", by) if by else ()))

    def done(self, *words: object, by: str = "") -> Any:
        """The JSON document of a command that succeeds."""
        said = self.run(*words, "--json", by=by)
        assert said.status == 0, (words, said)
        return said.json

    def refused(self, *words: object, by: str = "") -> str:
        """The code of a refusal; exit status and one sentence that begins with 未办理."""
        said = self.run(*words, by=by)
        head, code = said.err.split("：")[0].split()
        assert (said.status in (1, 2), head, "Traceback" in said.err) == (True, "未办理", False), said
        return code

    def files(self, draw: Draw | None = None) -> dict[str, bytes]:
        """The published files of a draw."""
        with self.authority.session() as session:
            return transcripts.transcript(session, self.authority.office, find(session, (draw or self.draw).no))

    def view(self, draw: Draw | None = None) -> dict[str, Any]:
        """``draw show``."""
        return dict(self.done("draw", "show", (draw or self.draw).no))

    def replaced(self, j: int, draw: Draw | None = None) -> None:
        """The second holder's next link and the outcome of an open replacement."""
        draw = draw or self.draw
        value = self.authority.reveal(draw, j)
        self.done("draw", "reveal", draw.no, "--who", SUPERVISOR, "--value", value, by="supervisor")
        self.done("draw", "run", draw.no, by="lead")

    def answers(self, no: str, **wrong: str) -> Path:
        """A file for ``visit write``: every point in order, but ``wrong``: p1="facts of point 1"."""
        with self.authority.session() as session:
            points = forms.form_for(session, tasks.find_task(session, no))["points"]
        said = {p["no"]: _answer(wrong.get(f"p{p['no']}", "")) for p in points}
        file = self.authority.folder / f"{no}.json"
        file.write_text(json.dumps({"answers": said, "facts": "按检查要点逐项检查。"}, ensure_ascii=False), "utf-8")
        return file

    def dispatched(self, *courses: Course) -> list[Team]:
        """The tasks of the draw, on site, each with its course; further ones are ordinary."""
        reason = ("--mode", "onsite", "--reason", "需要核对现场设备")
        made = self.done("task", "dispatch", self.draw.no, *reason, by="lead")
        return [
            Team(self.authority, task["no"], courses[i] if i < len(courses) else Course())
            for i, task in enumerate(made)
        ]


def _answer(facts: str) -> dict[str, str]:
    return {"answer": "no" if facts else "yes", "facts": facts}


def open_record(team: Team) -> None:
    """The record of a task, with the form of its item and nothing in it."""
    with team.authority.session() as session:
        form = forms.form_for(session, tasks.find_task(session, team.no))
        records.open_record(session, team.no, form, actor="inspection")


def opened(folder: Path) -> Iterator[Story]:
    """A new installation in a folder, closed at the end."""
    var = folder / "var"
    var.mkdir()
    url = f"sqlite:///{var / 'shuangsui.db'}"
    migrate(url)
    engine = db.engine(url, simulated_clock=True)
    more = {"SHUANGSUI_SIMULATED_CLOCK": "true", "SHUANGSUI_KEY_FILE": str(folder / "master.key")}
    yield Story(Installation(var, more=more), Authority(engine, folder))
    engine.dispose()


def verified(files: dict[str, bytes]) -> Verification:
    """The kernel's verification of published files, run to its end."""
    verification = Verification(files)
    for _ in verification.run():
        pass
    return verification
