"""What an authority that has never drawn does first, step by step, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, select

from shuangsui.catalogue.tables import ItemList, ListState
from shuangsui.db import TenantSession
from shuangsui.draws.tables import Draw
from shuangsui.pages import Here
from shuangsui.planning.tables import AnnualPlan, PlanState
from shuangsui.registry.tables import InspectionObject, Inspector


@dataclass(frozen=True, slots=True)
class Step:
    """``table`` holds a row ``where`` once it is done."""

    title: str
    path: str
    table: type[SQLModel]
    where: tuple[Any, ...] = ()


STEPS = (
    Step("导入检查对象名录", "/registries/objects/import", InspectionObject),
    Step("导入执法检查人员名录", "/registries/inspectors/import", Inspector),
    Step("公布随机抽查事项清单", "/catalogue", ItemList, (col(ItemList.state) == ListState.PUBLISHED,)),
    Step("公布年度抽查工作计划", "/plans", AnnualPlan, (col(AnnualPlan.state) == PlanState.PUBLISHED,)),
    Step("发起第一次抽取", "/draws/new", Draw),
)
"""Articles 6, 4, 7 and 8, in the order in which each needs the one before."""


def beginning(session: TenantSession) -> list[dict[str, Any]]:
    """Each step with ``title``, ``path``, ``state`` (done, now or empty for later); nothing once a draw was begun."""
    done = [_is_done(session, step) for step in STEPS]
    return [] if done[-1] else list(_shown(done))


def next_step(here: Here, path: str) -> dict[str, Any] | None:
    """What the lead office does next, on whichever page it is but the one where that is done and the first."""
    if not here.actor.may("operate_draw") or path == "/":
        return None
    steps = beginning(here.session)
    return next((one for one in steps if one["state"] == "now" and one["path"] != path), None)


def _shown(done: list[bool]) -> Iterator[dict[str, Any]]:
    next_ = done.index(False)
    for place, (step, made) in enumerate(zip(STEPS, done, strict=True)):
        yield {"title": step.title, "path": step.path, "state": "done" if made else "now" if place == next_ else ""}


def _is_done(session: TenantSession, step: Step) -> bool:
    return session.exec(select(step.table).where(*step.where).limit(1)).first() is not None
