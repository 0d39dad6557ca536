"""What the worker does for imports by pages, and what is cleared away."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from sqlmodel import select

from shuangsui import db
from shuangsui.db import now
from shuangsui.registry import import_work, imports
from shuangsui.registry.import_work import Place
from shuangsui.registry.imports import CHECK, KEPT, WRITE
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.uploads import Uploads
from shuangsui.worker.work import Daily, Job, Work

TIDY = "registry.tidy"
AT_LEAST = timedelta(days=1)
"""A folder younger than this may be of an upload that is just being written down."""


def check(work: Work, upload: str) -> None:
    """One upload."""
    import_work.check(_place(work), UUID(upload))


def write(work: Work, upload: str) -> None:
    """One upload that was confirmed."""
    import_work.write(_place(work), UUID(upload))


def tidy(work: Work) -> None:
    """Uploads that nobody went on with, and folders of what was taken in or given up."""
    store = _place(work).store
    with db.session(work.engine, work.office.tenant.slug) as session:
        imports.tidy(session, now(session) - KEPT)
    with db.session(work.engine, work.office.tenant.slug, readonly=True) as session:
        wanted = set(session.exec(select(RegistryUpload.id).where(RegistryUpload.state != UploadState.DONE)).all())
        moment = db.wall(session)
    for upload, since in list(store.waiting()):
        if upload not in wanted and since < moment - AT_LEAST:
            store.drop(upload)


def _place(work: Work) -> Place:
    tenant = work.office.tenant.slug
    return Place(work.engine, tenant, Uploads(work.settings.uploads, tenant))


JOBS = (Job(CHECK, check, attempts=3, awaited=True), Job(WRITE, write, attempts=3, awaited=True), Job(TIDY, tidy))
TIMES = (Daily(TIDY, time(4, 30)),)
