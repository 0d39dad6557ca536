"""In whose area an object lies, pure: the registry's district text against the tenants below an authority."""

from __future__ import annotations

from collections.abc import Iterable

from shuangsui.tenancy.tenant import Tenant


def district_of(text: str | None, districts: Iterable[Tenant]) -> str | None:
    """Slug of the one district whose area or name is ``text``, else of the only one whose name holds it."""
    wanted = (text or "").strip()
    if not wanted:
        return None
    known = list(districts)
    exact = [t.slug for t in known if wanted in {t.slug, t.name, t.short, *(area.name for area in t.areas)}]
    found = exact or [t.slug for t in known if wanted in t.name or t.short.startswith(wanted)]
    return found[0] if len(found) == 1 else None
