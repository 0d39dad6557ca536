"""The public tree in an object store: the promises of the disk, over HTTP against an S3-compatible server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore
from pydantic import ValidationError

from objectstore import Held, ObjectStore, serving
from shuangsui import Bundle, Context, DisclosureChannel, OutsideFailed, PublicFile, Receipt
from shuangsui.extension import handing, service
from shuangsui.extension.handing import DistantChannel
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui_channel_portal import Options, register_disclosure_channels
from shuangsui_channel_portal.bucket import Bucket
from shuangsui_channel_portal.channel import Portal

HTML = "text/html; charset=utf-8"
FILES = (
    PublicFile("index.html", b"home", HTML),
    PublicFile("draws/甲 1/index.html", b"page", HTML),
    PublicFile("draws/甲 1/plan.json", b"{}", "application/json"),
    PublicFile("draws/甲 1/a~b#c[d]&e+f.txt", b"odd name", "text/plain"),
)
BUNDLE = Bundle("moushi", "draw", "甲 1", FILES)
KEPT = Path("public")
"""The copy on this machine."""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ObjectStore]:
    """Listening; the platform's own folders are in a fresh one."""
    monkeypatch.chdir(tmp_path)
    with serving(ObjectStore()) as made:
        monkeypatch.setenv("SHUANGSUI_PORTAL_ACCESS_KEY", made.access_key)
        monkeypatch.setenv("SHUANGSUI_PORTAL_SECRET_KEY", made.secret_key)
        yield made


def portal(at: ObjectStore, **changes: Any) -> DisclosureChannel:
    options = {"store": "s3://gongshi/site", "endpoint": at.address, "region": at.region, "timeout_seconds": 5}
    (made,) = register_disclosure_channels(Context("moushi", Options(**{**options, **changes}), KEPT))
    return made


def visible(store: ObjectStore) -> dict[str, bytes]:
    """What a visitor could ask for."""
    return {key: one.data for key, one in store.held.items() if "/.bundles/" not in key}


def failure(act: Any, *args: Any) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        act(*args)
    assert "secret-of-the-store" not in caught.value.params["problem"]
    return caught.value


def test_objects_have_their_paths_and_types(store: ObjectStore) -> None:
    """Whatever characters a public path may have; below the prefix and the tenant."""
    portal(store).publish(BUNDLE)
    portal(store).publish(Bundle(None, "home", "home", (FILES[0],)))
    wanted = {f"site/moushi/{one.path}": Held(one.data, one.media_type) for one in FILES}
    found = {key: one for key, one in store.held.items() if "/.bundles/" not in key}
    assert found == {**wanted, "site/index.html": Held(b"home", HTML)}


def test_read_back_confirms_the_same_bytes(store: ObjectStore) -> None:
    """The receipt leads to the public address where one is known, else to the store."""
    channel = portal(store, address="https://gs.example/")
    assert channel.network is True
    published = channel.publish(BUNDLE)
    assert published == Receipt("portal", "https://gs.example/moushi/", BUNDLE.digest, confirmed=False)
    assert channel.read_back(BUNDLE) == Receipt("portal", published.reference, BUNDLE.digest, confirmed=True)
    assert portal(store).read_back(BUNDLE).reference == "s3://gongshi/site/moushi/"


@pytest.mark.parametrize("damage", ["bytes", "type", "missing", "nothing"])
def test_read_back_confirms_nothing_else(store: ObjectStore, damage: str) -> None:
    """Another type shows a page as a download, so it counts as well; publishing again mends all of it."""
    channel, key = portal(store), "site/moushi/draws/甲 1/index.html"
    if damage != "nothing":
        channel.publish(BUNDLE)
        store.held[key] = Held(b"other" if damage == "bytes" else b"page", "x/y" if damage == "type" else HTML)
        if damage == "missing":
            del store.held[key]
    assert channel.read_back(BUNDLE).confirmed is False
    channel.publish(BUNDLE)
    assert channel.read_back(BUNDLE).confirmed is True


def test_store_may_write_a_type_without_the_blank(store: ObjectStore) -> None:
    """It means the same."""
    portal(store).publish(BUNDLE)
    store.held["site/moushi/index.html"] = Held(b"home", "text/html;charset=UTF-8")
    assert portal(store).read_back(BUNDLE).confirmed is True


def test_later_bundle_of_the_same_name_removes_what_it_lacks(store: ObjectStore) -> None:
    """What another bundle or another tenant put there stays."""
    channel = portal(store)
    channel.publish(BUNDLE)
    channel.publish(Bundle("moushi", "draw", "2", (PublicFile("other.txt", b"o", "text/plain"),)))
    channel.publish(Bundle("linshi", "draw", "甲 1", (PublicFile("their.txt", b"t", "text/plain"),)))
    channel.publish(Bundle("moushi", "draw", "甲 1", FILES[:1]))
    assert visible(store) == {
        "site/moushi/index.html": b"home", "site/moushi/other.txt": b"o", "site/linshi/their.txt": b"t",
    }  # fmt: skip


def test_index_pages_come_last_and_the_innermost_first(store: ObjectStore) -> None:
    """No link ever leads to an object that is not there yet, though several are on their way at once."""
    many = tuple(PublicFile(f"draws/甲 1/{n:03d}.txt", b"x", "text/plain") for n in range(40))
    portal(store).publish(Bundle("moushi", "draw", "甲 1", (*FILES, *many)))
    put = [key for method, key in store.asked if method == "PUT"]
    assert put[0].startswith("site/.bundles/")
    assert put[-2:] == ["site/moushi/draws/甲 1/index.html", "site/moushi/index.html"]
    assert len(put) == 1 + 4 + 40


def test_disk_keeps_a_copy_of_what_is_in_the_store(store: ObjectStore) -> None:
    """Before the store has it: what the public sees is never more than the platform finds again."""
    store.fails = lambda method, _key: 503 if method == "PUT" else None
    failure(portal(store).publish, BUNDLE)
    copied = {one.path: (KEPT / "moushi" / one.path).read_bytes() for one in FILES}
    assert (copied, store.held) == ({one.path: one.data for one in FILES}, {})
    store.fails = lambda _method, _key: None
    portal(store).publish(BUNDLE)
    portal(store).publish(Bundle("moushi", "draw", "甲 1", FILES[:1]))
    left = [one.relative_to(KEPT).as_posix() for one in (KEPT / "moushi").rglob("*") if one.is_file()]
    assert (left, visible(store)) == (["moushi/index.html"], {"site/moushi/index.html": b"home"})


def test_copy_that_cannot_be_kept_keeps_everything_from_the_store(store: ObjectStore) -> None:
    """The sentence names the folder; the look at itself says it too."""
    KEPT.write_text("a file where the folder should be")
    for problem in (failure(portal(store).publish, BUNDLE).params["problem"], portal(store).check().message):
        assert problem.startswith("写入 ")
    assert store.held == {}


def test_unchanged_object_is_not_put_again(store: ObjectStore) -> None:
    """Caches keep what did not change."""
    portal(store).publish(BUNDLE)
    store.asked.clear()
    portal(store).publish(BUNDLE)
    assert [method for method, _ in store.asked if method != "GET"] == []


def test_interrupted_publication_is_repaired_by_the_next(store: ObjectStore) -> None:
    """What was put before the failure and is not in the next version goes too."""
    channel = portal(store)
    channel.publish(BUNDLE)
    more = Bundle("moushi", "draw", "甲 1", (*FILES, PublicFile("a/new.txt", b"n", "text/plain")))
    store.fails = lambda method, key: 503 if method == "PUT" and key.endswith("index.html") else None
    error = failure(
        channel.publish, Bundle("moushi", "draw", "甲 1", (*more.files[1:], PublicFile("index.html", b"2", HTML)))
    )
    assert (error.code, error.permanent, visible(store)["site/moushi/index.html"]) == ("portal_store", False, b"home")
    store.fails = lambda _method, _key: None
    channel.publish(BUNDLE)
    assert visible(store) == {f"site/moushi/{one.path}": one.data for one in FILES}


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(500, False), (502, False), (503, False), (429, False), (408, False), (409, False), (400, True), (401, True),
     (403, True), (405, True), (301, True)],
)  # fmt: skip
def test_answer_of_the_store_is_for_good_or_not(store: ObjectStore, status: int, permanent: bool) -> None:
    """The sentence names the store and the answer."""
    store.fails = lambda _method, _key: status
    for act in (portal(store).publish, portal(store).read_back):
        error = failure(act, BUNDLE)
        assert (error.code, error.permanent) == ("portal_store", permanent)
        assert "对象存储 s3://gongshi/site 失败（" in error.params["problem"]
        assert status == 301 or f"答复 {status} Ordered" in error.params["problem"]


def test_store_that_is_down_is_no_refusal(store: ObjectStore) -> None:
    """Nobody listens there."""
    error = failure(portal(store, endpoint="http://127.0.0.1:9", timeout_seconds=1).publish, BUNDLE)
    assert (error.code, error.permanent) == ("portal_store", False)


def test_wrong_credentials_and_wrong_bucket_need_a_person(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server verifies the signature; a key that is not there is found before anything is sent."""
    assert failure(portal(store, store="s3://other/site").publish, BUNDLE).permanent is True
    monkeypatch.setenv("SHUANGSUI_PORTAL_SECRET_KEY", "wrong")
    error = failure(portal(store).publish, BUNDLE)
    assert (error.permanent, "答复 403 SignatureDoesNotMatch" in error.params["problem"]) == (True, True)
    monkeypatch.delenv("SHUANGSUI_PORTAL_SECRET_KEY")
    store.asked.clear()
    error = failure(portal(store).publish, BUNDLE)
    assert (error.code, error.permanent, store.asked) == ("portal_credentials", True, [])


def test_check_leaves_nothing_behind(store: ObjectStore) -> None:
    """A probe, not a publication; what is wrong is a sentence."""
    health = portal(store).check()
    assert (health.ok, health.message, store.held) == (True, "对象存储 s3://gongshi/site 可以写入。", {})
    store.fails = lambda _method, _key: 403
    assert portal(store).check().message.startswith("写入对象存储 s3://gongshi/site 失败（答复 403 Ordered），")


def test_any_store_of_the_library_will_do() -> None:
    """The logic needs no server."""
    memory = MemoryStore()
    channel = Portal(Bucket("memory", lambda: memory), "https://gs.example", network=True)
    channel.publish(BUNDLE)
    assert (channel.read_back(BUNDLE).confirmed, channel.check().ok) == (True, True)
    channel.publish(Bundle("moushi", "draw", "甲 1", FILES[:1]))
    assert [one["path"] for page in memory.list("moushi") for one in page] == ["moushi/index.html"]


@pytest.mark.parametrize(
    "changes",
    [
        {"store": "gongshi"},
        {"store": "https://gongshi/x"},
        {"store": "s3://UPPER"},
        {"store": "s3://gongshi/../x"},
        {"store": "s3://gongshi//x"},
        {"store": "s3://gongshi/甲"},
        {"endpoint": "oss.example"},
        {"region": ""},
        {"access_key_env": "secret value"},
    ],
)
def test_store_that_cannot_be_is_refused(changes: dict[str, str]) -> None:
    """Found when the configuration is read."""
    with pytest.raises(ValidationError):
        Options(**changes)


def test_bucket_in_the_host(store: ObjectStore) -> None:
    """What some public clouds want: the library is given the host with the bucket in it."""
    error = failure(portal(store, endpoint="https://oss.invalid", path_style=False, timeout_seconds=2).publish, BUNDLE)
    assert (error.permanent, "gongshi.oss.invalid" in str(error.__cause__)) == (False, True)


def test_platform_publishes_in_a_child_process(store: ObjectStore, tmp_path: Path) -> None:
    """With its limits of memory, and the keys that the options name; a wrong one is never repeated."""
    settings = Settings(var=tmp_path / "var", tenants=tmp_path / "tenants")
    (folder := settings.tenants / "moushi").mkdir(parents=True)
    (folder / "tenant.toml").write_text(
        f"""
        slug = "moushi"
        name = "某市"
        short = "某市"
        log_domain = "a.example"
        portal_title = "x"
        plugins = ["channel-portal"]
        [options.channel-portal]
        store = "s3://gongshi/site"
        endpoint = "{store.address}"
        region = "{store.region}"
        """
    )
    (channel,) = service.channels(tree.load(settings.tenants).get("moushi"), settings)
    assert isinstance(channel, DistantChannel)
    channel.publish(BUNDLE)
    assert (channel.read_back(BUNDLE).confirmed, channel.check().ok) == (True, True)
    handing.pool.close()
