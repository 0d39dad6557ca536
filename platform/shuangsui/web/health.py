"""Whether the parts that requests need are there; looking changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from shuangsui import db
from shuangsui.errors import ShuangsuiError
from shuangsui.pages.guards import NOBODY
from shuangsui.settings import Settings


def parts(settings: Settings, engine: Engine) -> dict[str, bool]:
    """Each part and whether it works."""
    return {"public": os.access(settings.public, os.R_OK | os.X_OK), "database": _answers(engine)}


def _answers(engine: Engine) -> bool:
    """SQLite would make a missing file; a probe must not."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).is_file():
        return False
    try:
        with db.session(engine, NOBODY, readonly=True) as session:
            return bool(session.execute(select(1)).scalar_one())
    except (SQLAlchemyError, ShuangsuiError):
        return False
