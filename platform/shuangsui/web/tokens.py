"""A person's own tokens for programs, as pages and for programs; the security administrator ends somebody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.access import tokens
from shuangsui.access.policy import VERB_NAMES
from shuangsui.access.tables import ApiToken
from shuangsui.errors import RuleRefused
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import say

COLUMNS = {"id": "编号", "name": "名称", "verbs": "权限", "until": "有效期至", "seen_at": "最近使用", "state": "状态"}
NOTES = (
    "令牌供程序使用：请求带上 Authorization: Bearer 和令牌，不用登录。它只能做所选的事，本人失去的权限它也随即失去。",
)


class Made(BaseModel):
    """A new token."""

    name: str = Field(title="名称", max_length=64, description="给哪个程序用")
    verbs: list[str] = Field(title="权限", min_length=1)
    until: date = Field(title="有效期至", description="含当日，最长一年")


def load_all(here: Here) -> Table:
    """Those of the visitor, ended ones too."""
    rows = [row(here, token) for token in tokens.of(here.session, here.actor.login)]
    return Table(COLUMNS, rows, link="/tokens/{id}", notes=NOTES)


def load(here: Here) -> Detail:
    """One of them."""
    token = _own(here)
    shown, good = row(here, token), tokens.is_good(here.session, token)
    facts = {heading: shown[key] for key, heading in COLUMNS.items()}
    return Detail(
        say("接口令牌 {name}", name=token.name), facts, acts={"revoke"} if good else set(), data={"id": str(token.id)}
    )


def make(here: Here, form: Made) -> dict[str, Any]:
    """Shown this once; kept as its hash."""
    made, text = tokens.make(here.session, here.actor, form.name, form.verbs, today=here.today, until=form.until)
    return {"id": str(made.id), "once": text}


def revoke(here: Here, _form: Any) -> None:
    """With the program's next request; ``token_over`` for one that ended before."""
    if not tokens.revoke(here.session, here.actor.login, [_own(here).id], by=here.actor.login):
        raise RuleRefused("token_over")


def verbs(here: Here) -> dict[str, str]:
    """What the visitor may do."""
    return {verb: name for verb, name in VERB_NAMES.items() if here.actor.may(verb)}


def row(here: Here, token: ApiToken) -> dict[str, Any]:
    """A token for people and programs."""
    names = [name for verb, name in VERB_NAMES.items() if verb in token.verbs]
    last = token.expires_at.astimezone(tokens.SHANGHAI).date() - date.resolution
    return {
        "id": str(token.id), "name": token.name, "verbs": names, "until": last,
        "seen_at": token.seen_at, "state": _state(here, token),
    }  # fmt: skip


def _state(here: Here, token: ApiToken) -> str:
    if tokens.is_good(here.session, token):
        return "有效"
    if token.revoked_at:
        return "已撤销"
    return "已失效" if tokens.is_outlived(here.session, token) else "已到期"


def _own(here: Here) -> ApiToken:
    return tokens.find(here.session, here.actor.login, here.path["id"])


VIEWS = [
    view("/tokens", verb=None, load=load_all, title="接口令牌", menu="工作台"),
    view("/tokens/{id:str}", verb=None, load=load, title="接口令牌"),
]
ACTS = [
    act("/tokens/make", verb=None, model=Made, do=make, title="发放接口令牌", choices={"verbs": verbs},
        done="已发放，令牌如下，只显示这一次。"),
    act("/tokens/{id:str}/revoke", verb=None, do=revoke, title="撤销", done="已撤销接口令牌。"),
]  # fmt: skip
