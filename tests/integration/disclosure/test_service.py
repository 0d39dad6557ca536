"""Publishing: confirmed only after reading back, settled whatever happens, and written into the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from sqlmodel import select

from shuangsui.contracts import Bundle, Health, PublicFile, Receipt
from shuangsui.disclosure import screening, service
from shuangsui.disclosure.messages import HELD_BACK, NOT_CONFIRMED
from shuangsui.errors import OutsideFailed
from shuangsui.ledger import service as ledger
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry

PHONE = "13812345678"
HELD = (
    "draws/1/index.html 第 1 行 含有个人信息（移动电话号码），共 1 处，依照《个人信息保护法》不得公开："
    "请删去或者遮盖后重新公示。"
)


@dataclass
class Board:
    """A channel that keeps what it gets; ``broken`` names the keys it refuses, ``forgets`` those it loses."""

    name: str = "board"
    network: bool = False
    broken: frozenset[str] = frozenset()
    forgets: frozenset[str] = frozenset()
    held: dict[str, Bundle] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def publish(self, bundle: Bundle) -> Receipt:
        self.sent.append(bundle.key)
        if bundle.key in self.broken:
            raise OutsideFailed("plugin_failed", plugin="p", step="publish", reason="对方停机")
        if bundle.key not in self.forgets:
            self.held[bundle.key] = bundle
        return Receipt(self.name, f"board/{bundle.key}", bundle.digest, confirmed=False)

    def read_back(self, bundle: Bundle) -> Receipt:
        held = self.held.get(bundle.key)
        digest = held.digest if held else ""
        return Receipt(self.name, f"board/{bundle.key}", digest, confirmed=digest == bundle.digest)

    def check(self) -> Health:
        return Health(ok=True, message="正常")


def bundle(key: str, text: str = "x") -> Bundle:
    return Bundle("chongqing", "draw", key, (PublicFile(f"draws/{key}/index.html", text.encode(), "text/html"),))


def rows(session) -> dict[str, tuple[int, str]]:
    return {row.key: (row.revision, row.state) for row in service.publications(session)}


def acts(session) -> Iterator[tuple[str, str]]:
    for entry in session.exec(select(LedgerEntry).order_by(LedgerEntry.n)):
        if entry.act == "disclosure.publish":
            yield entry.subject, json.loads(entry.payload)["state"]


def test_confirmed_after_reading_back(chongqing):
    """The receipt is the one of the reading, not of the sending."""
    board = Board()
    (receipt,) = service.publish(chongqing, [bundle("1")], [board], actor="lead")
    assert (receipt.confirmed, receipt.digest) == (True, bundle("1").digest)
    assert rows(chongqing) == {"1": (1, "confirmed")}
    assert service.publications(chongqing)[0].receipts == [
        {
            "channel": "board", "confirmed": True, "reference": "board/1", "digest": bundle("1").digest, "at": None,
            "problem": None,
        }
    ]  # fmt: skip


def test_channel_that_loses_what_it_took_is_not_believed(chongqing):
    """It answered the sending in good order; the public sees nothing."""
    with pytest.raises(OutsideFailed) as caught:
        service.publish(chongqing, [bundle("1")], [Board(forgets=frozenset("1"))], actor="lead")
    assert (caught.value.code, caught.value.params["reason"]) == ("channel_failed", NOT_CONFIRMED)
    assert rows(chongqing) == {"1": (1, "failed")}


def test_failure_is_kept_although_the_caller_rolls_back(scope):
    """The row says failed, and so does the ledger: the error ends the caller's unit of work, not the proof."""
    with pytest.raises(OutsideFailed), scope("chongqing") as session:
        service.publish(session, [bundle("1")], [Board(broken=frozenset("1"))], actor="lead")
    with scope("chongqing", readonly=True) as session:
        assert rows(session) == {"1": (1, "failed")}
        assert list(acts(session)) == [("draw/1", "failed")]
        assert service.publications(session)[0].receipts[0]["problem"] == "对方停机"


def test_after_a_failure_nothing_more_is_sent_on_that_channel(chongqing):
    """An index must not link to a draw that is not there; another channel gets everything."""
    poor, good = Board("poor", broken=frozenset("2")), Board("good")
    with pytest.raises(OutsideFailed) as caught:
        service.publish(chongqing, [bundle("1"), bundle("2"), bundle("3")], [poor, good], actor="lead")
    assert (poor.sent, good.sent, caught.value.params["count"]) == (["1", "2"], ["1", "2", "3"], 2)
    assert rows(chongqing) == {"1": (1, "confirmed"), "2": (1, "failed"), "3": (1, "failed")}
    held = next(row for row in service.publications(chongqing) if row.key == "3").receipts
    assert [(one["channel"], one["problem"]) for one in held] == [("poor", HELD_BACK), ("good", None)]


def test_publishing_again_settles_what_failed(chongqing):
    """The same bytes are the same revision; both attempts stay in the ledger."""
    board = Board(broken=frozenset("1"))
    with pytest.raises(OutsideFailed):
        service.publish(chongqing, [bundle("1")], [board], actor="lead")
    board.broken = frozenset()
    service.publish(chongqing, [bundle("1")], [board], actor="lead")
    assert rows(chongqing) == {"1": (1, "confirmed")}
    assert list(acts(chongqing)) == [("draw/1", "failed"), ("draw/1", "confirmed")]


def test_confirming_again_leaves_no_trace(chongqing):
    """Nothing changed for anybody: one act in the ledger, and the time at which it became public stays."""
    board = Board()
    service.publish(chongqing, [bundle("1")], [board], actor="lead")
    first = service.publications(chongqing)[0].at
    service.publish(chongqing, [bundle("1")], [board], actor="lead")
    assert (board.sent, list(acts(chongqing))) == (["1", "1"], [("draw/1", "confirmed")])
    assert service.publications(chongqing)[0].at == first


def test_what_was_confirmed_and_is_gone_becomes_failed(chongqing):
    """The channel lost it, and does not take it again."""
    board = Board()
    service.publish(chongqing, [bundle("1")], [board], actor="lead")
    board.held, board.forgets = {}, frozenset("1")
    with pytest.raises(OutsideFailed):
        service.publish(chongqing, [bundle("1")], [board], actor="lead")
    assert rows(chongqing) == {"1": (1, "failed")}


def test_other_bytes_are_another_revision(chongqing):
    """The list shows the newest; the earlier one stays in its row."""
    board = Board()
    for text in ("a", "b", "a"):
        service.publish(chongqing, [bundle("1", text)], [board], actor="lead")
    assert rows(chongqing) == {"1": (3, "confirmed")}


def test_bundle_with_personal_data_reaches_no_channel_and_the_older_one_stays(chongqing):
    """The file and the kind are named; the others go their way; mended it goes, and the alarm with it."""
    board = Board()
    service.publish(chongqing, [bundle("1"), bundle("2")], [board], actor="lead")
    for _ in range(2):
        with pytest.raises(OutsideFailed) as caught:
            service.publish(chongqing, [bundle("1", PHONE), bundle("2", "b")], [board], actor="lead")
        assert (caught.value.params["count"], caught.value.params["reason"]) == (1, HELD)
        assert (board.held["1"], board.held["2"]) == (bundle("1"), bundle("2", "b"))
        assert rows(chongqing) == {"1": (2, "failed"), "2": (2, "confirmed")}
        assert [one.subject for one in open_alerts(chongqing, screening.HELD)] == ["draw/1"]
    service.publish(chongqing, [bundle("1", "c")], [board], actor="lead")
    assert (rows(chongqing)["1"], open_alerts(chongqing, screening.HELD)) == ((3, "confirmed"), [])


def test_what_is_held_and_was_never_seen_holds_what_links_to_it(chongqing):
    """As any failure does: no page names what is not there."""
    board = Board()
    with pytest.raises(OutsideFailed):
        service.publish(chongqing, [bundle("1", PHONE), bundle("2")], [board], actor="lead")
    assert (board.sent, rows(chongqing)) == ([], {"1": (1, "failed"), "2": (1, "failed")})


def test_no_channel_is_an_error(chongqing):
    """Published nowhere is not published."""
    with pytest.raises(OutsideFailed) as caught:
        service.publish(chongqing, [bundle("1")], [], actor="lead")
    assert (caught.value.code, rows(chongqing)) == ("channel_missing", {})


def test_row_says_sent_while_channels_are_called(scope):
    """Seen from another session in the middle of it: whoever pulls the plug now leaves a trace."""
    seen: list[dict[str, tuple[int, str]]] = []

    class Curious(Board):
        def publish(self, bundle: Bundle) -> Receipt:
            with scope("chongqing", readonly=True) as other:
                seen.append(rows(other))
            return super().publish(bundle)

    with scope("chongqing") as session:
        service.publish(session, [bundle("1")], [Curious()], actor="lead")
    assert seen == [{"1": (1, "sent")}]


def test_other_tenant_sees_nothing(scope):
    """Two authorities publish under the same key; each sees its own."""
    with scope("chongqing") as session:
        service.publish(session, [bundle("1")], [Board()], actor="lead")
    with scope("liangjiang") as session:
        assert rows(session) == {}
        service.publish(session, [replace(bundle("1"), tenant="liangjiang")], [Board()], actor="lead")
        assert rows(session) == {"1": (1, "confirmed")}


def test_ledger_stays_whole(chongqing):
    """Two commits within one publication, and the chain holds."""
    board = Board()
    service.publish(chongqing, [bundle("1"), bundle("2")], [board], actor="lead")
    service.publish(chongqing, [bundle("1", "y")], [board], actor="lead")
    report = ledger.verify(chongqing)
    assert (report.ledger, report.faults) == (3, ())


def test_unconfirmed_are_those_the_public_never_saw(chongqing):
    """Confirmed with these bytes: left alone. Changed, failed or new: to be published."""
    with pytest.raises(OutsideFailed):
        service.publish(chongqing, [bundle("1"), bundle("2"), bundle("3")], [Board(broken=frozenset("3"))], actor="x")
    wanted = [bundle("1"), bundle("2", "changed"), bundle("3"), bundle("4")]
    assert [one.key for one in service.unconfirmed(chongqing, wanted)] == ["2", "3", "4"]


def test_first_seen_is_the_first_confirmation(chongqing):
    """A correction does not move the day on which something became public."""
    board = Board()
    service.publish(chongqing, [bundle("1")], [board], actor="lead")
    first = service.publications(chongqing)[0].at
    service.publish(chongqing, [bundle("1", "corrected")], [board], actor="lead")
    assert service.first_seen(chongqing, "draw") == {"1": first}
