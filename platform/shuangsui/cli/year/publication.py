"""The lead office in the simulated year: what is decided goes to the portal, and by hand to the credit system."""

from __future__ import annotations

from shuangsui.cli.year.stage import Stage
from shuangsui.disclosure import interventions, publishing, shown
from shuangsui.disclosure.following import press_of
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.ways import HAND


def disclose(stage: Stage) -> None:
    """Everything that is public by now, twice a month; every receipt by hand is entered the same day (R14.5)."""
    press = press_of(stage.office, stage.desk.settings)
    with stage.session() as session:
        publishing.publish_site(session, stage.office, press, actor="lead")
        waiting = [one for one in shown.sent(session) if one.delivery.state is DeliveryState.WAITING]
        for one in waiting:
            if one.delivery.channel.startswith(f"{HAND}/"):
                reference = f"模拟〔{stage.year}〕{one.disclosure.key}"
                interventions.receive(
                    session, stage.office, one.delivery.id, reference=reference, seen_on=stage.today, actor="lead"
                )
