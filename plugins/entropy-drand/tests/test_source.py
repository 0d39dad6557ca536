"""The beacon as a source of events, against a relay on the loopback that serves genuine rounds and fails as told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from shuangsui import EntropyEvent, EntropyValue, OutsideFailed
from shuangsui.testing.drand import beacon
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui_entropy_drand.chains import DEFAULT, QUICKNET, Chain
from shuangsui_entropy_drand.options import Options
from shuangsui_entropy_drand.relay import Relays
from shuangsui_entropy_drand.source import Drand

ROUND = 32398885
AT = datetime(2026, 9, 21, 14, 13, 39, tzinfo=UTC)
"""When that round of quicknet was made."""
EVENT = EntropyEvent("drand/2026-0001", "drand", AT, {"chain": QUICKNET.hash, "round": ROUND})
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as started:
        yield started


def source(*relays: str, chain: Chain = QUICKNET, margin: int = 60) -> Drand:
    return Drand(chain, margin, Relays(relays, 1))


def failure(act: object, *arguments: object) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        act(*arguments)
    return caught.value


def test_plan_fixes_the_first_round_after_the_margin() -> None:
    """Exactly on a round, that round; a second later, the next one."""
    drand = source()
    assert drand.plan("drand/2026-0001", AT - timedelta(seconds=60), 20) == EVENT
    later = drand.plan("drand/2026-0001", AT - timedelta(seconds=59), 20)
    assert (later.facts["round"], later.at) == (ROUND + 1, AT + timedelta(seconds=3))


@pytest.mark.parametrize("chain", [QUICKNET, DEFAULT], ids=lambda chain: chain.name)
def test_round_is_never_before_the_time_asked_for(chain: Chain) -> None:
    """srd-1 5.3, at every second of several periods and before the chain began."""
    for second in range(100):
        at = AT + timedelta(seconds=second)
        round_ = chain.first_round(at)
        assert chain.time_of(round_) >= at > chain.time_of(round_ - 1)
    assert chain.first_round(datetime(2000, 1, 1, tzinfo=UTC)) == 1


def test_fetched_round_is_its_randomness_with_its_signature(sink: Sink) -> None:
    """What the relay had, and the scheme and key with which anybody can verify it."""
    stored = beacon(QUICKNET.hash, ROUND)
    found = source(sink.url("drand")).fetch(EVENT)
    assert found.value == stored["randomness"]
    assert found.proof == {
        "scheme": "bls-unchained-g1-rfc9380", "public_key": QUICKNET.key.hex(), "signature": stored["signature"]
    }  # fmt: skip


def test_round_of_the_default_chain_brings_the_signature_before(sink: Sink) -> None:
    """Without it nobody could verify."""
    event = EntropyEvent("drand/1", "drand", DEFAULT.time_of(2), {"chain": DEFAULT.hash, "round": 2})
    found = source(sink.url("drand"), chain=DEFAULT).fetch(event)
    assert found.proof["previous_signature"] == beacon(DEFAULT.hash, 1)["signature"]
    source(chain=DEFAULT).verify(event, found)


def test_event_of_an_earlier_configuration_is_still_served(sink: Sink) -> None:
    """The plan's chain counts, not the one that is set now."""
    changed = source(sink.url("drand"), chain=DEFAULT)
    changed.verify(EVENT, changed.fetch(EVENT))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(forged=True), "签名不对"),
        (Fault(wrong=True), "签名不对"),
        (Fault(late=1), "这一轮还没有产生"),
        (Fault(status=500), "没有给出数值"),
        (Fault(status=302), "没有给出数值"),
        (Fault(body=b"<html>"), "答复不是 JSON"),
        (Fault(body=b"[]"), "答复不是对象"),
        (Fault(body=b"{}"), "签名不对"),
        (Fault(body=b'{"signature": 7}'), "签名不对"),
        (Fault(body=b" " * 20000), "答复过长"),
        (Fault(cut=True), "没有正常答复"),
        (Fault(down=True), "没有正常答复"),
        (Fault(hang=True), "没有正常答复"),
    ],
)
def test_faulty_relay_brings_no_value(sink: Sink, fault: Fault, reason: str) -> None:
    """Nothing that it stammers or makes up is taken; it may be asked again."""
    sink.fail("drand", fault)
    error = failure(source(sink.url("drand")).fetch, EVENT)
    assert (error.code, error.permanent, reason in error.params["problem"]) == ("drand_unavailable", False, True)


def test_honest_relay_helps_out(sink: Sink) -> None:
    """After one that cannot be reached and one that forges."""
    with Sink() as forger:
        forger.fail("drand", Fault(forged=True))
        found = source(NOBODY, forger.url("drand"), sink.url("drand")).fetch(EVENT)
    assert found.value == beacon(QUICKNET.hash, ROUND)["randomness"]


def test_verification_asks_nobody(sink: Sink) -> None:
    """The source that verifies has no relay at all."""
    source().verify(EVENT, source(sink.url("drand")).fetch(EVENT))


def test_changed_value_or_proof_is_refused(sink: Sink) -> None:
    """Value, signature, key, scheme, round, chain: each alone."""
    good = source(sink.url("drand")).fetch(EVENT)
    other = beacon(QUICKNET.hash, 32026121)
    values = [
        replace(good, value="0" * 64),
        replace(good, proof={}),
        replace(good, proof={**good.proof, "signature": other["signature"]}),
        EntropyValue(other["randomness"], {**good.proof, "signature": other["signature"]}),
        replace(good, proof={**good.proof, "public_key": DEFAULT.key.hex()}),
        replace(good, proof={**good.proof, "scheme": "x"}),
        replace(good, proof={**good.proof, "previous_signature": "00"}),
        replace(good, proof={**good.proof, "signature": good.proof["signature"].upper()}),
    ]
    assert {failure(source().verify, EVENT, value).code for value in values} == {"drand_forged"}
    for facts in ({"chain": QUICKNET.hash, "round": ROUND + 1}, {"chain": DEFAULT.hash, "round": ROUND}):
        assert failure(source().verify, replace(EVENT, facts=facts), good).code == "drand_forged"
    for facts in ({"chain": "0" * 64, "round": ROUND}, {"chain": QUICKNET.hash, "round": str(ROUND)}, {}):
        assert failure(source().verify, replace(EVENT, facts=facts), good).code == "drand_unknown"


def test_check_compares_the_key(sink: Sink) -> None:
    """Well, a relay of something else, and nobody there."""
    found = [source(sink.url("drand")).check().ok, source(NOBODY).check().ok]
    sink.fail("drand", Fault(body=b'{"public_key": "00"}'))
    assert [*found, source(sink.url("drand")).check().message] == [
        True, False, f"没有可用的中继：{sink.url('drand')} 的公钥不符。",
    ]  # fmt: skip


def test_options_name_chain_and_relays() -> None:
    """By default quicknet from the public relays; an address with a query or a password is refused."""
    assert (Options().chosen, Options(chain="default").chosen) == (QUICKNET, DEFAULT)
    for address in ("ftp://a.example", "https://a.example/?x=1", "https://u:p@a.example", ""):
        with pytest.raises(ValidationError):
            Options(relays=(address,))
