"""1 000 planted canaries on every way out: portal, exporters, and every bundle of the site (threat 14)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import canaries
from disclosing import disclosed, of_result, uscc
from plugged import plugged
from shuangsui.contracts import Bundle, Health, PublicFile, Receipt
from shuangsui.db import TenantSession
from shuangsui.disclosed import Disclosed, DisclosedFinding, DisclosedObject, DisclosedOfficer, ResultContent
from shuangsui.disclosure import service
from shuangsui.disclosure.screening import Screen
from shuangsui.disclosure.ways import Way, exporter_ways, portal_ways
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.service import channels
from shuangsui.rules.service import load
from shuangsui.settings import Settings

PLANTED = 1000
BATCHES = 20
KINDS = list(canaries.KINDS)
SYSTEM = 'address = "https://a.example/{name}"\ntoken_env = "TOKEN"\n'
OPTIONS = {
    "exporter-gsxt": SYSTEM.format(name="gsxt"),
    "exporter-credit-china": SYSTEM.format(name="credit-china"),
    "exporter-supervision": SYSTEM.format(name="supervision") + 'department = "A1"\n',
    "channel-webhook": 'receivers = ["https://a.example/hook"]\n',
    "channel-email": (
        'contact = "某处 023-12345678"\nhost = "mail.example"\nsender = "a@mail.example"\n'
        'addresses = ["某区应急局=b@mail.example"]\n'
    ),
}


class Board:
    """A channel that keeps whatever it is given."""

    name, network = "board", False

    def __init__(self) -> None:
        self.held: list[Bundle] = []

    def publish(self, bundle: Bundle) -> Receipt:
        self.held.append(bundle)
        return self.read_back(bundle)

    def read_back(self, bundle: Bundle) -> Receipt:
        return Receipt(self.name, bundle.key, bundle.digest, confirmed=True)

    def check(self) -> Health:
        return Health(ok=True, message="正常")


def in_field(value: str, n: int) -> Disclosed:
    """A result of a sole owner with a value in one of its texts, each in its turn."""
    shop = DisclosedObject(canaries.sole_owner(n), "某某副食店", sole_owner=True, address="重庆市渝中区民生路***")
    content = replace(of_result(n), object=shop)
    planted: tuple[ResultContent, ...] = (
        replace(content, follow_up=f"联系{value}"),
        replace(content, task_name=value),
        replace(content, object=replace(shop, name=f"某店（{value}）")),
        replace(content, object=replace(shop, address=value)),
        replace(content, findings=(DisclosedFinding("pending", f"见 {value}"),)),
        replace(content, officers=(DisclosedOfficer(value, "MX00000001"),)),
    )
    return disclosed(planted[n // len(KINDS) % len(planted)])


def things() -> Iterator[Disclosed]:
    """Every kind in every disguise in every field."""
    dice = random.Random(16)
    for n in range(PLANTED):
        kind, disguise = KINDS[n % len(KINDS)], canaries.DISGUISES[n // 36 % len(canaries.DISGUISES)]
        yield in_field(disguise(canaries.KINDS[kind](dice)), n)


@pytest.fixture(scope="module")
def planted() -> list[Disclosed]:
    return list(things())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The city with every plugin that hands things over."""
    tenants = plugged(tmp_path, "exporter-gsxt", OPTIONS["exporter-gsxt"])
    file = tenants / "chongqing" / "tenant.toml"
    rest = [name for name in OPTIONS if name != "exporter-gsxt"]
    names = "".join(f', "{name}"' for name in rest)
    text = file.read_text("utf-8").replace(', "exporter-gsxt"]', f', "exporter-gsxt"{names}]')
    file.write_text(text + "".join(f"\n[options.{name}]\n{OPTIONS[name]}" for name in rest), "utf-8")
    return Settings(var=tmp_path / "var", tenants=tenants)


def ways(settings: Settings) -> list[Way]:
    tenant = load(settings.tenants, disclosed(of_result(1)).published_on).get("chongqing")
    return [*portal_ways(channels(tenant, settings)), *exporter_ways(tenant, settings)]


def refusal(way: Way, item: Disclosed) -> str:
    """The code with which a delivery ends."""
    try:
        way.deliver(item, ())
    except ShuangsuiError as error:
        return error.code
    return "delivered"


def test_of_a_thousand_canaries_none_reaches_a_receiver(
    settings: Settings, planted: list[Disclosed], record_property: Any
) -> None:
    """Each is refused as personal data by each way; what is clean gets through."""
    every = ways(settings)
    assert {way.channel.partition("/")[0] for way in every} == {"channel-portal", *OPTIONS}
    ended = {way.channel: Counter(refusal(way, item) for item in planted) for way in every}
    past = sum(codes.total() - codes["personal_data"] for codes in ended.values())
    record_property("canaries that got past a way of 1 000", past)
    assert (past, ended) == (0, {way.channel: {"personal_data": PLANTED} for way in every})
    clean = replace(of_result(1), object=DisclosedObject(uscc(1), "某某公司", address="某路1号"))
    assert refusal(every[0], disclosed(clean)) == "delivered"


def files() -> Iterator[PublicFile]:
    """Every kind in every form of file and every disguise."""
    dice, forms = random.Random(17), [one for one in canaries.PLACES if one is not canaries.as_pdf]
    for n in range(PLANTED):
        kind, form = KINDS[n % len(KINDS)], forms[n // len(KINDS) % len(forms)]
        disguise = canaries.DISGUISES[n % len(canaries.DISGUISES)]
        data, media_type = form(disguise(canaries.KINDS[kind](dice)), canaries.sole_owner(n))
        yield PublicFile(f"draws/{n}/{form.__name__}", data, media_type)


def test_of_a_thousand_canaries_none_reaches_the_site(chongqing: TenantSession, record_property: Any) -> None:
    """Many in each publication: no channel is handed any; by itself each would have been held as well."""
    made, board = list(files()), Board()
    alone = [Screen().problem(Bundle("chongqing", "draw", one.path, (one,))) for one in made]
    assert sum(problem is None for problem in alone) == 0
    size = PLANTED // BATCHES
    bundles = [
        Bundle("chongqing", "draw", f"{n}", tuple(made[n * size : (n + 1) * size])) for n in range(BATCHES)
    ]  # fmt: skip
    clean = Bundle("chongqing", "draws", "draws", (PublicFile("draws/index.html", b"x", "text/html"),))
    with pytest.raises(OutsideFailed) as caught:
        service.publish(chongqing, [clean, *bundles], [board], actor="lead")
    reached = sum(len(one.files) for one in board.held if one != clean)
    record_property("canaries that reached the site of 1 000", reached)
    assert (reached, caught.value.params["count"], board.held) == (0, BATCHES, [clean])
