"""The public tree in an S3-compatible object store: whole objects, with the media type that a browser is told.

An object is replaced in one step by the store itself. There is no lock over several machines: the platform hands one
channel one bundle at a time, and a publication that was cut short is repaired by the next one of the same name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, S3Store

from shuangsui import Bundle, OutsideFailed, PublicFile
from shuangsui_channel_portal import bundles
from shuangsui_channel_portal.options import Options

AT_ONCE = 8
"""So many objects of one rank are on their way together."""
RETRIES = 2
PASSING = (408, 409, 412, 425, 429)
"""Refusals that pass; every other 4xx, and a redirect, needs a person."""
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_PROBE = ".probe"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place of :mod:`shuangsui_channel_portal.bundles`; ``connect`` makes the store, when it is needed."""

    address: str
    connect: Callable[[], ObjectStore]

    @classmethod
    def of(cls, options: Options) -> Bucket:
        """As the options say; the credentials are looked for when it is used."""
        return cls(options.store.rstrip("/"), cache(lambda: connected(options)))

    @property
    def title(self) -> str:
        """With its address."""
        return f"对象存储 {self.address}"

    def lay(self, bundle: Bundle) -> None:
        """Put the bundle's objects."""
        bundles.lay(self, bundle)

    def held(self, bundle: Bundle) -> tuple[PublicFile, ...]:
        """What the store has."""
        return bundles.held(self.read, bundle)

    def read(self, path: str, media_type: str = "") -> bytes | None:
        """The whole object; None if there is none, or if it has another type."""
        with self._told("读取"):
            try:
                found = self.connect().get(path)
                held = str(found.attributes.get("Content-Type", ""))
                return None if media_type and _plain(held) != _plain(media_type) else bytes(found.bytes())
            except FileNotFoundError:
                return None

    def write(self, path: str, data: bytes, media_type: str) -> None:
        """One request, one object."""
        with self._told("写入"):
            self.connect().put(path, data, attributes={"Content-Type": media_type}, use_multipart=False)

    def remove(self, path: str) -> None:
        """Nothing if there is none."""
        with self._told("删除"), suppress(FileNotFoundError):
            self.connect().delete(path)

    def each(self, act: Callable[[T], None], things: Iterable[T]) -> None:
        """Several at once; the first failure is that of all."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(act, things):
                pass

    def probe(self) -> None:
        """Put, get and delete an object that nobody links to."""
        self.write(_PROBE, b"probe", "text/plain")
        held = self.read(_PROBE, "text/plain")
        self.remove(_PROBE)
        if held != b"probe":
            raise OutsideFailed(
                "portal_store", problem=f"{self.title} 没有交还刚写入的内容或者类型，请联系存储的管理员"
            )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """What the store complains of, as one sentence without anything that it repeats of ours."""
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as error:
            advice = "请核对密钥、区域和存储桶的授权"
            raise self._failed(what, _said(error), advice, permanent=True) from error
        except FileNotFoundError as error:
            raise self._failed(what, _said(error), "请核对存储桶的名称和服务地址", permanent=True) from error
        except (BaseError, OSError, ValueError) as error:
            advice = "请稍后重试，仍不成功请核对服务地址和区域"
            raise self._failed(what, _said(error), advice, permanent=_is_permanent(str(error))) from error

    def _failed(self, what: str, why: str, advice: str, *, permanent: bool) -> OutsideFailed:
        problem = f"{what}{self.title} 失败（{why}），{advice}"
        return OutsideFailed("portal_store", permanent=permanent, problem=problem)


def connected(options: Options) -> S3Store:
    """The store itself; :class:`OutsideFailed` for good if a variable has no key, or the store cannot be named so."""
    parts = urlsplit(options.store)
    seconds = timedelta(seconds=options.timeout_seconds)
    own = {"endpoint": _endpoint(options, parts.netloc)} if options.endpoint else {}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        region=options.region,
        access_key_id=_key(options.access_key_env),
        secret_access_key=_key(options.secret_key_env),
        virtual_hosted_style_request=not options.path_style,
        disable_bulk_delete=True,
        disable_tagging=True,
        client_options={
            "allow_http": options.endpoint.startswith("http:"),
            "timeout": seconds,
            "connect_timeout": seconds,
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": seconds},
        **own,  # type: ignore[arg-type]
    )


def _endpoint(options: Options, bucket: str) -> str:
    """The library wants the bucket in it where requests name the bucket by their host."""
    address = options.endpoint.rstrip("/")
    if options.path_style:
        return address
    scheme, _, host = address.partition("://")
    return f"{scheme}://{bucket}.{host}"


def _key(variable: str) -> str:
    if found := os.environ.get(variable):
        return found
    problem = f"环境变量 {variable} 没有对象存储的密钥，请管理员设置"
    raise OutsideFailed("portal_credentials", permanent=True, problem=problem)


def _plain(media_type: str) -> str:
    """Stores write the blank after the semicolon or do not."""
    return media_type.replace(" ", "").lower()


def _is_permanent(text: str) -> bool:
    """A refusal that time does not mend; a redirect is the library's word for a wrong region."""
    status = _STATUS.search(text)
    return "Received redirect" in text or bool(status and int(status[1]) < 500 and int(status[1]) not in PASSING)


def _said(error: Exception) -> str:
    """Status and code of the answer, or that there was none."""
    status, code = _STATUS.search(str(error)), _CODE.search(str(error))
    found = [f"答复 {status[1]}"] if status else []
    return " ".join([*found, *([code[1]] if code else [])]) or f"没有正常答复，{type(error).__name__}"
