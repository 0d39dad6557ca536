"""Article 4: the list goes from the offices to the leadership and then to the public, in no other order."""

from __future__ import annotations

import json

from shuangsui.catalogue import versions
from shuangsui.sample.registries import items
from story import Story


def test_r4_2_list_is_public_only_after_confirmation_and_approval(story: Story) -> None:
    """R4.1, R4.2: each shortcut is refused; the published version names approver, day and digest."""
    story.done("registry", "import", "items", story.authority.write("items", items()), by="lead")
    story.done("catalogue", "hold", "JX-15", "--reason", "待定", by="lead")
    codes = [story.refused("catalogue", "submit", by="lead"), story.refused("catalogue", "publish", by="lead")]
    story.done("catalogue", "confirm", "--all", by="business")
    story.done("catalogue", "submit", by="lead")
    codes += [story.refused("catalogue", act, by="lead") for act in ("approve", "publish")]
    story.done("catalogue", "approve", by="leader")
    story.done("catalogue", "publish", by="lead")
    assert codes == ["list_refused", "list_state", "not_allowed", "list_state"]
    page = json.loads((story.at.var / "public/chongqing/items/index.json").read_text("utf-8"))
    with story.authority.session() as session:
        listed = versions.version(session, 1)
    said = page["catalogue"]
    assert (said["version"], said["digest"], said["approver"]) == (1, listed.digest, "委领导")
    assert (said["approved_on"], len(said["rows"])) == (listed.approved_at.isoformat(), 15)
