"""A registry file taken in: every cell judged, every row written with its history; beside those that only read it."""

from __future__ import annotations

import atexit
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from peers import Draw

sys.path.append(str(Path(__file__).parents[1] / "support"))


def file_of(n: int, kind: str) -> Path:
    """The sample's objects."""
    from shuangsui.sample.registries import registries
    from shuangsui.sample.scene import District, Scene
    from shuangsui.sample.write import WRITERS

    scene = Scene("compare:7", "山城市", "500000", (District("第1区", "500101"),))
    path = _folder() / f"objects.{kind}"
    WRITERS[kind](path, registries(scene, n)[0])
    return path


def _folder() -> Path:
    made = Path(mkdtemp(prefix="shuangsui-compare-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def checked(n: int, kind: str) -> Draw:
    """Ours, the check alone."""
    from shuangsui.registry.checking import check_file

    path = file_of(n, kind)
    return lambda: check_file(path, "objects").refuse()


def taken_in(n: int, kind: str) -> Draw:
    """Ours as a whole, into an empty registry of PostgreSQL; every time another authority's."""
    from authority import Authority
    from databases import TENDED, PostgresServer
    from shuangsui import db
    from shuangsui.registry.service import import_file

    folder, path = _folder(), file_of(n, kind)
    server = PostgresServer(folder, TENDED)
    atexit.register(server.stop)
    first = Authority(db.engine(server.create().app, simulated_clock=True), folder)
    others = iter([first, first.beside("yuzhong"), first.beside("liangjiang")])

    def draw() -> None:
        with next(others).session() as session:
            assert import_file(session, "objects", path, actor="lead").added == n

    return draw


def pandas(n: int, kind: str) -> Draw:
    """Read, nothing judged."""
    import pandas as pd

    path = file_of(n, kind)
    read: Callable[..., object] = pd.read_csv if kind == "csv" else pd.read_excel
    return lambda: read(path, dtype=str)


def openpyxl(n: int) -> Draw:
    """Read as a stream, nothing judged."""
    from openpyxl import load_workbook

    path = file_of(n, "xlsx")

    def draw() -> None:
        sheet = load_workbook(path, read_only=True).worksheets[0]
        assert sum(1 for row in sheet.iter_rows(values_only=True) if row[0]) == n + 1

    return draw
