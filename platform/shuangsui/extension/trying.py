"""A revision of rules tried before it is written: the authority's rules, and those of every district below, as if.

What a district's own plugins were switched to at its console cannot be read from here; they are taken as in the files.
"""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused
from shuangsui.extension import rulebook
from shuangsui.extension.overlay import seated
from shuangsui.rules.revising import Trial
from shuangsui.rules.revisions import Revision
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tree import Tree

Unlawful = (Misconfigured, RuleRefused)


def trial(session: TenantSession, files: Tree, settings: Settings, today: date) -> Trial:
    """What :mod:`shuangsui.rules.revising` asks before it writes.

    :class:`RuleRefused` ``rule_loosened``, or ``revision_below`` with the district whose rules would not be lawful any
    more; both with the article of what binds.
    """

    def look(revision: Revision) -> None:
        tree = seated(session, files, revision)
        try:
            rulebook.check(tree, session.tenant, today, settings)
        except Misconfigured as error:
            raise RuleRefused(error.code, article=error.article, **error.params) from error
        now = seated(session, files)
        for slug in below(tree, session.tenant):
            if speaks(tree.get(slug)):
                _look_below(now, tree, slug, today, settings)

    return look


def below(tree: Tree, slug: str) -> list[str]:
    """The tenants below one, however far."""
    return [one for child in tree.children(slug) for one in (child.slug, *below(tree, child.slug))]


def speaks(tenant: Tenant) -> bool:
    """Whether a tenant says anything of its own that the rules above could refuse; most districts only inherit."""
    return bool(tenant.rules) or any(name in tenant.own for name in ("packs", "plugins"))


def _look_below(now: Tree, tree: Tree, slug: str, today: date, settings: Settings) -> None:
    """Whose rules are wrong already is nobody's obstacle."""
    try:
        rulebook.check(tree, slug, today, settings)
    except Unlawful as error:
        if _is_lawful(now, slug, today, settings):
            raise RuleRefused("revision_below", article=error.article, tenant=slug, **error.params) from error
    except OutsideFailed:
        return


def _is_lawful(tree: Tree, slug: str, today: date, settings: Settings) -> bool:
    try:
        rulebook.check(tree, slug, today, settings)
    except (*Unlawful, OutsideFailed):
        return False
    return True
