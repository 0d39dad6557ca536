"""Users of an authority on pages; here and not in ``access``, since a link is checked against the registries."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.access import factors, joining, leaving, policy, service, tokens
from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.access.profiles import ONCE_DAYS
from shuangsui.access.service import Member
from shuangsui.access.tables import PersonOf
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.registry import people
from shuangsui.said import say
from shuangsui.web.tokens import COLUMNS as TOKEN_COLUMNS
from shuangsui.web.tokens import row as token_row

COLUMNS = {"login": "登录名", "name": "姓名", "roles": "角色", "active": "在用"}
TOKENS = {key: heading for key, heading in TOKEN_COLUMNS.items() if key != "id"}
ROLES = {role.value: name for role, name in ROLE_NAMES.items()}
KINDS = {PersonOf.INSPECTOR.value: "执法检查人员（执法证号）", PersonOf.EXPERT.value: "专家（专家编号）"}


class Added(BaseModel):
    """A new user."""

    login: str = Field(title="登录名", max_length=32, description="2 至 32 位小写字母、数字、点、横线或下划线")
    name: str = Field(title="姓名", max_length=64)
    role: Role = Field(title="角色")


class Admitted(BaseModel):
    """A user of another authority who is to work here too."""

    login: str = Field(title="登录名", max_length=32)
    role: Role = Field(title="角色")


class Of(BaseModel):
    """A role of a user."""

    role: Role = Field(title="角色")


class Linked(BaseModel):
    """A number of the registries of people."""

    kind: PersonOf = Field(title="身份")
    number: str = Field(title="证号", min_length=1, max_length=64)


class Joined(BaseModel):
    """An account at the authority's sign-in server."""

    subject: str = Field(title="统一认证账号（sub）", min_length=1, max_length=255)


def load_all(here: Here) -> Table:
    """Everybody with a role here."""
    rows = [_row(member) for member in service.members(here.session)]
    return Table(COLUMNS, rows, link="/users/{login}")


def load(here: Here) -> Detail:
    """One of them; somebody who has no role here is not there, whatever other authorities know."""
    member = _member(here)
    links = service.links_of(here.session, member.login)
    facts = {heading: _row(member)[key] for key, heading in COLUMNS.items()}
    facts |= {KINDS[kind]: links.get(kind) for kind in PersonOf}
    facts["第二因素"] = "已登记" if factors.held(here.session, service.existing(here.session, member.login)) else None
    held = [token_row(here, token) for token in tokens.of(here.session, member.login)]
    tables = [Table(TOKENS, held, title="接口令牌")] if held else []
    tables += timeline.of(here, member.login)
    return Detail(member.name, facts, tables, data={"login": member.login, "roles": sorted(member.roles)})


def add(here: Here, form: Added) -> dict[str, str]:
    """User, role and one-time password in one act."""
    by = here.actor.login
    service.add_user(here.session, form.login, form.name, by=by)
    service.grant(here.session, form.login, form.role, by=by)
    return {"login": form.login, "once": service.give_password(here.session, form.login, by=by)}


def admit(here: Here, form: Admitted) -> dict[str, str]:
    """The password stays the one that the other authority gave out."""
    service.grant(here.session, form.login, form.role, by=here.actor.login)
    return {"login": form.login}


def grant(here: Here, form: Of) -> None:
    """Its verbs begin with the next request."""
    service.grant(here.session, _member(here).login, form.role, by=here.actor.login)


def revoke(here: Here, form: Of) -> None:
    """Its verbs end with the next request."""
    service.revoke(here.session, _member(here).login, form.role, by=here.actor.login)


def reset(here: Here, _form: Any) -> dict[str, str]:
    """Also ends every session of the user, and a pause after failures; one's own is changed, not reset."""
    login, by = _member(here).login, here.actor.login
    policy.check_password_reset(login=login, by=by)
    return {"once": service.give_password(here.session, login, by=by)}


def reset_factor(here: Here, _form: Any) -> None:
    """The person enrols a new one at the next sign-in, where the roles need it."""
    factors.reset(here.session, _member(here).login, by=here.actor.login)


def deactivate(here: Here, _form: Any) -> None:
    """In every authority, with the next request; roles and tasks stay."""
    leaving.deactivate(here.session, _member(here).login, by=here.actor.login)


def reactivate(here: Here, _form: Any) -> None:
    """By signing in anew, with the roles that are left."""
    leaving.reactivate(here.session, _member(here).login, by=here.actor.login)


def end_tokens(here: Here, _form: Any) -> None:
    """All of them, when somebody's programs are no longer trusted; ``token_over`` if none was left."""
    login = _member(here).login
    every = [token.id for token in tokens.of(here.session, login)]
    if not tokens.revoke(here.session, login, every, by=here.actor.login):
        raise RuleRefused("token_over")


def link(here: Here, form: Linked) -> None:
    """Only to somebody who stands in the registry."""
    login = _member(here).login
    people.require_person(here.session, form.kind, form.number)
    service.link(here.session, login, form.kind, form.number, by=here.actor.login)


def join(here: Here, form: Joined) -> None:
    """The authority's sign-in server then opens this account."""
    oidc = here.office.tenant.oidc
    if oidc is None:
        raise NotFound("oidc_off")
    joining.link(here.session, _member(here).login, oidc.issuer, form.subject, by=here.actor.login)


def held(here: Here) -> dict[str, str]:
    """Roles that can be taken away."""
    return {role.value: ROLE_NAMES[role] for role in _member(here).roles}


def missing(here: Here) -> dict[str, str]:
    """Roles that can be given."""
    return {role: name for role, name in ROLES.items() if role not in held(here)}


def _member(here: Here) -> Member:
    login = here.path["login"]
    for member in service.members(here.session):
        if member.login == login:
            return member
    raise NotFound("user_missing", login=login)


def _row(member: Member) -> dict[str, Any]:
    roles = [ROLE_NAMES[role] for role in member.roles]
    return {"login": member.login, "name": member.name, "roles": roles, "active": member.active}


VIEWS = [
    view("/users", verb="manage_users", load=load_all, title="用户与角色", menu="管理"),
    view("/users/{login:str}", verb="manage_users", load=load, title="用户"),
]
ONE = "/users/{login:str}"
ACTS = [
    act("/users/add", verb="manage_users", model=Added, do=add, title="添加用户", choices={"role": ROLES},
        done=say("已添加用户，一次性口令如下，{once_days} 天内有效。", once_days=ONCE_DAYS)),
    act("/users/admit", verb="manage_users", model=Admitted, do=admit, title="给其他机关的用户授权",
        choices={"role": ROLES}, done="已授权。"),
    act(f"{ONE}/grant", verb="manage_users", model=Of, do=grant, title="授予角色", choices={"role": missing},
        done="已授予角色。"),
    act(f"{ONE}/revoke", verb="manage_users", model=Of, do=revoke, title="撤销角色", choices={"role": held},
        done="已撤销角色。", then="/users"),
    act(f"{ONE}/link", verb="manage_users", model=Linked, do=link, title="对应执法检查人员或专家",
        choices={"kind": KINDS}, done="已对应。"),
    act(f"{ONE}/reset", verb="manage_users", do=reset, title="重置口令",
        done=say("已重置口令，一次性口令如下，{once_days} 天内有效。", once_days=ONCE_DAYS)),
    act(f"{ONE}/factor", verb="manage_users", do=reset_factor, title="重置第二因素", done="已重置第二因素。"),
    act(f"{ONE}/deactivate", verb="manage_users", do=deactivate, title="停用用户",
        done="已停用，该用户的登录和接口令牌一律失效；角色和待办事项没有改动。"),
    act(f"{ONE}/reactivate", verb="manage_users", do=reactivate, title="恢复用户",
        done="已恢复，该用户可以重新登录；原来的接口令牌须另发。"),
    act(f"{ONE}/join", verb="manage_users", model=Joined, do=join, title="对应统一认证账号", done="已对应。"),
    act(f"{ONE}/tokens", verb="manage_users", do=end_tokens, title="撤销全部接口令牌", done="已撤销全部接口令牌。"),
]  # fmt: skip
