"""Which results the public may see, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.disclosure import rulings
from shuangsui.disclosure.policy import Choice
from shuangsui.inspections.results import results


def decided(session: TenantSession) -> Iterator[dict[str, Any]]:
    """The public views of results, the newest first: published ones, and a placeholder for what list or law keep back.

    What nobody has decided on yet is missing. All results of a task that the law keeps back share one placeholder.
    """
    ruled = rulings.in_force(session)
    for view in results(session):
        ruling = ruled.get(view["term"].partition("/")[0])
        if ruling and ruling.decision is Choice.WITHHELD:
            yield {**view, "key": f"withheld-by-law-{ruling.number}", "withheld": ruling.basis}
        elif ruling or view["withheld"]:
            yield view
