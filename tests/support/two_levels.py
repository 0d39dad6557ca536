"""A municipality that draws objects, and a district that draws the people who inspect them."""

from __future__ import annotations

from collections.abc import Sequence

from authority import Authority, experts, inspectors, line_terms, objects
from shuangsui.draws import assigning, dispatching, handing, tasks, transcripts
from shuangsui.draws.tables import Draw, DrawState
from shuangsui.planning.policy import Terms

DISTRICT = "yuzhong"


def municipal_terms(**changes: object) -> Terms:
    """A line whose objects the districts inspect."""
    ordinary = line_terms(expert=False)
    return Terms(ratios=ordinary.ratios, team=ordinary.team, per_day=5, **({"dispatch": True} | changes))


def municipal_draw(authority: Authority, rows: Sequence[dict[str, str]] | None = None) -> Draw:
    """Objects drawn, nobody to inspect them."""
    authority.take_in(objects=list(rows or objects(200)), inspectors=inspectors(4), experts=experts(1))
    authority.publish_list()
    authority.publish_plan(("JX-11", municipal_terms()))
    return authority.draw()


def staffed(authority: Authority, slug: str = DISTRICT, **columns: str) -> Authority:
    """A district with inspectors of its own, and no objects."""
    district = authority.beside(slug)
    district.take_in(inspectors=inspectors(12, **columns))
    return district


def received(district: Authority) -> str:
    """The number of the district's newest assignment."""
    with district.session() as session:
        return handing.assignments(session)[0].no


def district_draw(authority: Authority, parent: Draw) -> tuple[Authority, Draw]:
    """Dispatch, acceptance and the district's whole draw."""
    dispatching.dispatch(authority.engine, authority.office, parent.no, actor="lead")
    district = staffed(authority)
    handing.accept(district.engine, district.office, received(district), actor="lead")
    return district, district.finish(frozen(district))


def frozen(district: Authority) -> Draw:
    """FREEZE of the newest assignment."""
    no, call = received(district), district.call()
    with district.session() as session:
        return assigning.freeze_assignment(session, district.office, no, call, actor="lead")


def published(authority: Authority, draw: Draw) -> dict[str, bytes]:
    """The transcript once every drawn object may be named."""
    with authority.session() as session:
        drawn = session.merge(draw)
        assert drawn.state is DrawState.DRAWN
        for task in tasks.tasks_of(session, drawn):
            task.opened = True
            session.add(task)
        session.flush()
        return transcripts.transcript(session, authority.office, drawn)
