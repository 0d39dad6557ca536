"""The signed-in person's own account for programs: who am I, and an own password."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from pydantic import BaseModel, Field, ValidationError

from shuangsui.access import signin
from shuangsui.access.policy import ROLE_NAMES, VERB_NAMES
from shuangsui.pages import identified, signed_in, visitor_of
from shuangsui.pages.forms import faults
from shuangsui.web.console import FormInvalid, body_of
from shuangsui.web.errors import answer_json
from shuangsui.web.signing import entrance_of, with_cookie

Asked = Request[Any, Any, Any]


class Change(BaseModel):
    """The old password proves who asks."""

    old: str = Field(title="原口令")
    new: str = Field(title="新口令")


@get("/api/me", guards=[identified], opt={"title": "我的账号"}, sync_to_thread=False)
def me(request: Asked) -> Response[Any]:
    """Roles and verbs as they are now, and the token that every POST of a program carries as ``X-CSRF-Token``."""
    visitor = visitor_of(request)
    actor = visitor.actor
    return answer_json({
        "login": actor.login,
        "name": actor.name,
        "tenant": actor.tenant,
        "roles": {role: ROLE_NAMES[role] for role in sorted(actor.roles)},
        "verbs": [verb for verb in VERB_NAMES if actor.may(verb)],
        "inspector": actor.inspector,
        "expert": actor.expert,
        "password_due": visitor.must_change,
        "csrf": visitor.csrf or None,
    })  # fmt: skip


@post("/api/password", guards=[signed_in], opt={"title": "设置口令"}, status_code=200)
async def password(request: Asked) -> Response[Any]:
    """``{"old": …, "new": …}``; every session ends, the answer carries the cookie of a new one."""
    body = await request.body()
    return await to_thread.run_sync(lambda: _change(request, body))


HANDLERS = (me, password)


def _change(request: Asked, body: bytes) -> Response[Any]:
    try:
        form = Change.model_validate(body_of(body))
    except ValidationError as error:
        raise FormInvalid(faults(error)) from None
    cookie = signin.change_password(entrance_of(request), visitor_of(request), form.old, form.new)
    return with_cookie(answer_json({}), request, cookie)
