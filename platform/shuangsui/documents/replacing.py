"""An administrator's own template of a form: tried with sample values, then put into the authority's folder."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.documents.filling import Template, docx
from shuangsui.documents.overrides import own_file
from shuangsui.documents.samples import samples
from shuangsui.documents.values import FORMS
from shuangsui.errors import BadInput, OutsideFailed
from shuangsui.ledger.service import record
from shuangsui.tenancy.tree import Tree


def replace(session: TenantSession, root: Path, tree: Tree, kind: str, data: bytes, *, actor: str) -> Path:
    """From now on the form is filled into ``data``; districts without one of their own follow.

    :class:`BadInput` ``document_template`` for a file that cannot be filled; nothing is changed then.
    """
    require(session, actor, "manage_settings")
    require_known(kind)
    docx(samples()[kind], Template(f"{kind}.docx", data))
    lock_tenant(session)
    file = own_file(root, tree, session.tenant, kind)
    payload = {"form": kind, "sha256": sha256(data).hexdigest()}
    record(session, "document.template", actor=actor, subject=f"template/{kind}", payload=payload)
    session.flush()
    _written(file, data)
    return file


def restore(session: TenantSession, root: Path, tree: Tree, kind: str, *, actor: str) -> bool:
    """Give up the own template; whether there was one."""
    require(session, actor, "manage_settings")
    require_known(kind)
    lock_tenant(session)
    file = own_file(root, tree, session.tenant, kind)
    if not file.is_file():
        return False
    record(session, "document.restore", actor=actor, subject=f"template/{kind}", payload={"form": kind})
    session.flush()
    try:
        file.unlink()
    except OSError as error:
        raise OutsideFailed("document_folder", permanent=True, reason=str(error.strerror)) from error
    return True


def require_known(kind: str) -> None:
    """:class:`BadInput` ``document_unknown``."""
    if kind not in FORMS:
        raise BadInput("document_unknown", form=kind, known="、".join(FORMS))


def _written(file: Path, data: bytes) -> None:
    """A neighbour is written and renamed, so that nobody ever fills half a template."""
    part = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        file.parent.mkdir(exist_ok=True)
        with part.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutsideFailed("document_folder", permanent=True, reason=str(error.strerror)) from error
