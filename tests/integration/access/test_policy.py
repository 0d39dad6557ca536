"""Verbs, roles, and the separation of duties."""

from __future__ import annotations

from typing import get_args

import pytest

from shuangsui.access.policy import (
    ADMINISTRATORS,
    ROLE_NAMES,
    VERB_NAMES,
    VERBS,
    Actor,
    Role,
    Verb,
    allow,
    check_grant,
    check_login,
    separate,
)
from shuangsui.errors import BadInput, NotAllowed


def holders(verb: Verb) -> set[Role]:
    """The roles that hold a verb."""
    return {role for role, verbs in VERBS.items() if verb in verbs}


def test_every_verb_and_role_has_a_name_and_every_verb_a_holder():
    """The lists are closed and complete."""
    assert set(VERB_NAMES) == set(get_args(Verb))
    assert set(ROLE_NAMES) == set(VERBS) == set(Role)
    assert {verb for verb in VERB_NAMES if not holders(verb)} == set()


@pytest.mark.parametrize(
    ("propose", "approve"), [("edit_catalogue", "approve_catalogue"), ("edit_plan", "approve_plan")]
)
def test_no_role_both_proposes_and_approves(propose: Verb, approve: Verb):
    """R5, R7: drafts come from the offices, approval from the leadership."""
    assert holders(approve) == {Role.LEADER}
    assert holders(propose) & holders(approve) == set()


def test_only_the_supervisor_enters_the_public_event():
    """Whoever operates the draw does not type its randomness."""
    assert holders("enter_event") == {Role.SUPERVISOR}
    assert holders("operate_draw") == {Role.LEAD_OFFICE}


def test_administrators_hold_one_verb_each():
    """三员分立: settings, users and audit in three hands, and no business."""
    assert [VERBS[role] for role in ADMINISTRATORS] == [{"manage_settings"}, {"manage_users"}, {"read_audit"}]


def test_refusal_names_the_verb_in_chinese():
    """People read what they lack."""
    actor = Actor("zhang", "张", "chongqing", frozenset({Role.INSPECTOR}))
    with pytest.raises(NotAllowed) as refused:
        allow(actor, "approve_plan")
    assert (refused.value.code, refused.value.params["verb"]) == ("not_allowed", "批准年度抽查工作计划")
    assert allow(actor, "inspect") is actor


def test_several_roles_add_up():
    """A verb of any role will do."""
    actor = Actor("zhang", "张", "chongqing", frozenset({Role.INSPECTOR, Role.LEADER}))
    assert [actor.may(verb) for verb in ("inspect", "approve_plan", "publish")] == [True, True, False]


def test_same_person_may_not_approve():
    """Two people, whatever their roles."""
    separate("zhang", "li")
    with pytest.raises(NotAllowed, match="same_person"):
        separate("zhang", "zhang")


def test_grant_rules():
    """Nobody grants to themselves; nobody is two kinds of administrator."""
    check_grant([Role.LEADER], Role.SYSTEM_ADMIN, login="li", by="zhang")
    check_grant([Role.SYSTEM_ADMIN], Role.SYSTEM_ADMIN, login="li", by="zhang")
    with pytest.raises(NotAllowed, match="self_grant"):
        check_grant([], Role.LEADER, login="zhang", by="zhang")
    with pytest.raises(NotAllowed) as refused:
        check_grant([Role.AUDIT_ADMIN], Role.SYSTEM_ADMIN, login="li", by="zhang")
    assert refused.value.params == {"login": "li", "role": "系统管理员", "held": "审计管理员"}


@pytest.mark.parametrize("login", ["", "z", "Zhang", "1zhang", "zhang wei", "张", "a" * 33, "os:root"])
def test_login_that_addresses_cannot_carry_is_refused(login: str):
    """Lower case, a letter first, 2 to 32 characters; never the prefix of the installation's own accounts."""
    with pytest.raises(BadInput, match="login_invalid"):
        check_login(login)
