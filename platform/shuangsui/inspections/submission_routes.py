"""Records from devices and from the form of the page: sent once or again, never lost (R13.9)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from anyio import to_thread
from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import AwareDatetime, BaseModel, Field

from shuangsui.db import now
from shuangsui.inspections import submissions
from shuangsui.inspections.common_routes import reached, root_of
from shuangsui.inspections.record_routes import opened_record
from shuangsui.inspections.submissions import Sent
from shuangsui.inspections.tables import Submission
from shuangsui.pages import Here, act, here_of, may
from shuangsui.registry.policy import canonical

SAVED = "tasks.record.write"
"""The notice of the act that does the same for programs."""


class Sending(BaseModel):
    """One state of a record as a device has it; ``content`` is ``{answers: {no: {answer, facts}}, facts}``."""

    device: str = Field(title="设备", max_length=64)
    counter: int = Field(title="设备序号", ge=0)
    base_revision: int = Field(title="填写时看到的修改次数", ge=0)
    device_at: AwareDatetime = Field(title="设备时间")
    content: dict[str, Any] = Field(title="记录内容")


def submit(here: Here, form: Sending) -> dict[str, Any]:
    """The same submission again answers the same row; a conflict is part of the answer and not a refusal."""
    task = reached(here)
    record = opened_record(here, task)
    sent = Sent(form.device, form.counter, form.base_revision, form.device_at, form.content)
    row = submissions.submit(here.session, task.no, sent, actor=here.actor.login)
    here.session.flush()
    return {**_said(row), "revision": record.revision, "conflicts": _conflicts(here, task.no, row)}


def save(here: Here, form: Mapping[str, str]) -> None:
    """What somebody changed on the page, as a submission of its own: nobody's words are overwritten unseen."""
    task = reached(here)
    record = opened_record(here, task)
    content = changed(form, [str(point["no"]) for point in record.form["points"]])
    if content:
        device = f"{form.get('device', '')[:40]}-{sha256(canonical(content)).hexdigest()[:8]}"
        revision = form.get("revision", "")
        seen = int(revision) if revision.isdecimal() and len(revision) < 9 else record.revision
        sent = Sent(device, 0, min(seen, record.revision), now(here.session), content)
        submissions.submit(here.session, task.no, sent, actor=here.actor.login)


def changed(form: Mapping[str, str], points: list[str]) -> dict[str, Any]:
    """The fields that differ from what the page had shown (``was-…``): only those are sent."""
    answers = {}
    for no in points:
        answer, facts = form.get(f"answer-{no}", ""), _lines(form.get(f"facts-{no}", ""))
        if (answer, facts) != (form.get(f"was-answer-{no}", ""), _lines(form.get(f"was-facts-{no}", ""))):
            answers[no] = {"answer": answer or None, "facts": facts}
    found: dict[str, Any] = {"answers": answers} if answers else {}
    facts = _lines(form.get("facts", ""))
    return found | ({"facts": facts} if facts != _lines(form.get("was-facts", "")) else {})


@post(
    ["/console/tasks/{no:str}/record/save", "/m/tasks/{no:str}/record/save"], guards=[may("inspect")], status_code=303
)
async def save_form(request: Request[Any, Any, Any], no: FromPath[str]) -> Redirect:
    """The form of the record's page, at a desk or on a phone: an answer and a text for each point."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in form}

    def work() -> None:
        with here_of(request, readonly=False) as here:
            save(here, given)

    await to_thread.run_sync(work)
    return Redirect(f"{root_of(request)}/tasks/{no}/record?done={SAVED}", status_code=303)


def _lines(text: str) -> str:
    """Browsers send line ends of their own."""
    return text.replace("\r\n", "\n").strip()


def _said(row: Submission) -> dict[str, Any]:
    return {
        "id": str(row.id), "device": row.device, "counter": row.counter, "received_at": row.received_at.isoformat(),
        "conflict": row.conflict, "clock_jump": row.clock_jump,
    }  # fmt: skip


def _conflicts(here: Here, no: str, row: Submission) -> list[dict[str, Any]]:
    found = [one for one in submissions.conflicts(here.session, no) if one["id"] == str(row.id)]
    return found[0]["fields"] if found else []


ACTS = [
    act("/tasks/{no:str}/submissions", verb="inspect", model=Sending, do=submit, title="提交离线记录", done="已收到。")
]
HANDLERS = [save_form]
