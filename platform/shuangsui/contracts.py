"""What crosses the border between the platform and a plugin: frozen values, and Protocols that plugin objects satisfy.

Values are checked when they are made, so neither side has to distrust the other's paths; a bad one is a
``ValueError``. Times are UTC. Everything here is importable as ``from shuangsui import …`` and is kept compatible.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict

API = 1
"""The version of this border; a plugin module states the one it was written for as ``api = 1``."""

_SLUG = re.compile(r"[a-z][a-z0-9]{1,31}")
_KIND = re.compile(r"[a-z][a-z_]{0,31}")
_KEY = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_LONGEST = 500
_PART = re.compile(r"""(?!\.)[^\x00-\x1f\x7f/\\:*?"<>|%]{1,80}(?<!\.)""")


def is_public_path(path: str) -> bool:
    """Whether ``path`` stays inside the folder it is relative to and names nothing hidden."""
    return len(path) <= _LONGEST and all(_PART.fullmatch(part) for part in path.split("/"))


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file of a publication.

    ``path`` is relative to the tenant's folder, with ``/`` between its parts; no part is hidden, leads upwards or
    holds a character that a web server or file system treats specially. ``media_type`` is a full Content-Type.
    """

    path: str
    data: bytes
    media_type: str

    def __post_init__(self) -> None:
        """``ValueError`` for a path that could leave the tenant's folder."""
        if not is_public_path(self.path):
            raise ValueError(f"not a public path: {self.path!r}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files that appear, change and disappear together, for example one draw's transcript with its page.

    ``kind`` and ``key`` name it: ``draw`` and the draw's number. ``tenant`` None is the part of the public tree that
    all tenants share, the list of authorities and the static files.
    """

    tenant: str | None
    kind: str
    key: str
    files: tuple[PublicFile, ...]

    def __post_init__(self) -> None:
        """``ValueError`` for a name that is no name, for no files, and for two files of one path."""
        paths = [file.path for file in self.files]
        named = _KIND.fullmatch(self.kind) and _KEY.fullmatch(self.key)
        if not named or (self.tenant is not None and not _SLUG.fullmatch(self.tenant)):
            raise ValueError(f"not a bundle's name: {self.tenant!r} {self.kind!r} {self.key!r}")
        if not paths or len(set(paths)) < len(paths):
            raise ValueError(f"{self.kind} {self.key}: no files, or two of the same path")

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the lines ``<sha256 of the file>  <path>``, sorted by path: what ``sha256sum`` prints."""
        files = sorted(self.files, key=lambda file: file.path)
        lines = (f"{hashlib.sha256(file.data).hexdigest()}  {file.path}\n" for file in files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel can show for a bundle.

    ``reference`` leads a person to the published thing: an address, or the receiving system's number. ``digest`` is
    that of the bundle as the channel holds it. ``confirmed`` only after reading back what the public sees. ``at`` is
    the receiving system's own time, where it states one.
    """

    channel: str
    reference: str
    digest: str
    confirmed: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a plugin object could do its work now; ``message`` is one Chinese sentence, also when all is well."""

    ok: bool
    message: str


class PluginOptions(BaseModel):
    """Base of a plugin's ``Options``: what ``[options.<plugin>]`` of a ``tenant.toml`` may hold; unknown keys refused.

    Fields are texts, whole numbers, switches, or tuples of texts or whole numbers, each with a Chinese
    ``description``. Passwords never stand here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


O_co = TypeVar("O_co", bound=PluginOptions, covariant=True)


@dataclass(frozen=True, slots=True)
class Context(Generic[O_co]):
    """For whom a hook is called: the tenant, its checked options of this plugin, the root of the static public tree.

    A channel of the public site keeps its files below ``public``, wherever else it puts them: the platform lists the
    authorities from there, checks two-level draws, and looks for checkpoints that are newer than its database.
    """

    tenant: str
    options: O_co
    public: Path


@runtime_checkable
class DisclosureChannel(Protocol):
    """A place where publications appear 公示渠道.

    Every call may come again with the same bundle and must then do no harm. What went wrong is raised as
    :class:`shuangsui.OutsideFailed` with a Chinese sentence as ``problem``; ``permanent=True`` if trying again is
    useless. Any other exception counts as a mistake of the plugin.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in receipts."""

    @property
    def network(self) -> bool:
        """Whether it talks to anything but this machine's disk: it then runs in a process of its own."""

    def publish(self, bundle: Bundle) -> Receipt:
        """Hand the bundle over; what an earlier bundle of the same name had and this one lacks disappears."""

    def read_back(self, bundle: Bundle) -> Receipt:
        """Look at what the public sees now; ``confirmed`` if it is exactly ``bundle``."""

    def check(self) -> Health:
        """Try settings, connection and credentials without publishing anything."""


@dataclass(frozen=True, slots=True)
class RulePackFile:
    """A rule pack 规则包: the bytes of one TOML file of any rank, and the file's name, which every answer then cites.

    It applies to the tenants that have the plugin switched on, and is bounded like every other pack: what a layer
    above has locked, it cannot loosen.
    """

    name: str
    data: bytes

    def __post_init__(self) -> None:
        """``ValueError`` for a name that is no plain file name."""
        if "/" in self.name or not is_public_path(self.name):
            raise ValueError(f"not a file name: {self.name!r}")


@dataclass(frozen=True, slots=True)
class RuleAmendment:
    """A local rule 规则修订: the value of one key of ``tenants/README.md`` and the provision it rests on.

    ``value`` is of the key's kind; lists are tuples, one of counts has texts such as ``"D=10"``. ``own_basis`` is the
    number of the authority's own document; without one nothing that comes from above can be loosened, and what binds
    the authority cannot be loosened at all. It applies on the days from ``valid_from`` to ``valid_to``, both included.
    """

    key: str
    value: int | bool | str | tuple[str, ...] | tuple[int, ...]
    article: str
    own_basis: str | None = None
    text: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """``ValueError`` for a value of no kind, for what is no line of text, and for dates in the wrong order."""
        members = self.value if isinstance(self.value, tuple) else (self.value,)
        kinds = {type(member) for member in members}
        if not (kinds in ({int}, {str}, set()) or type(self.value) is bool):
            raise ValueError(f"not a rule's value: {self.value!r}")
        lines = [self.key, self.article, *(line for line in (self.own_basis, self.text) if line is not None)]
        if not all(_LINE.fullmatch(line) for line in lines):
            raise ValueError(f"not lines of text: {lines}")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"{self.valid_to} is before {self.valid_from}")


@dataclass(frozen=True, slots=True)
class FeedState:
    """What was taken from a registry feed last: the day of its state, and the mark that the feed gave with it."""

    day: date
    mark: str = ""


@dataclass(frozen=True, slots=True)
class FeedFile:
    """What a registry feed hands over: one UTF-8 CSV file with headers of the registry it fills.

    ``day`` is the day whose state it is. ``data`` None: the register itself says that nothing has changed since the
    last state. ``complete``: objects it does not name are no longer in the registry. ``mark`` comes back with the next
    call, for example an ETag. Columns that the file lacks keep what the registry has.
    """

    day: date
    data: bytes | None
    complete: bool
    mark: str = ""

    def __post_init__(self) -> None:
        """``ValueError`` for a mark that is too long to keep."""
        if len(self.mark) > _LONGEST:
            raise ValueError("a mark has 500 characters at most")


@runtime_checkable
class RegistryFeed(Protocol):
    """A register of another authority that keeps a registry 名录库 up to date, for example the registrar's.

    What went wrong is raised as :class:`shuangsui.OutsideFailed`; a file is handed over whole or not at all. ``fetch``
    runs in a process of its own with limits of time and memory, whose environment holds nothing but the variables that
    options ending in ``_env`` name.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in the history of every row it changed."""

    @property
    def kind(self) -> Literal["objects"]:
        """Which registry it fills."""

    def fetch(self, last: FeedState | None) -> FeedFile:
        """What changed since that state, its day included, or everything; with None always everything."""

    def check(self) -> Health:
        """Try settings, connection and credentials without fetching anything."""


@dataclass(frozen=True, slots=True)
class ResultCode:
    """A department's own result 抽查结果 below one of the platform's categories.

    ``code`` is unique within the tenant; ``label`` is for lists, ``text`` the wording of records and publications.
    """

    code: str
    parent: str
    label: str
    text: str

    def __post_init__(self) -> None:
        """``ValueError`` for an empty or unprintable part."""
        if not all(_KEY.fullmatch(part) for part in (self.code, self.parent, self.label)) or not self.text.strip():
            raise ValueError(f"not a result code: {self.code!r} {self.parent!r} {self.label!r}")


@dataclass(frozen=True, slots=True)
class TaskNotice:
    """What an enforcement system is told of an inspection task; ``officers`` are certificate numbers, leader first.

    ``type`` is ``random``, ``special``, ``clue`` or ``instant``.
    """

    tenant: str
    task: str
    type: str
    object_code: str
    object_name: str
    item: str
    officers: tuple[str, ...]
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class CodeReceipt:
    """The inspection code 执法码 of a task; ``code`` None if the system has given none."""

    system: str
    task: str
    code: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MissingCode:
    """A visit that was made without a code: the task, the day, why there was none, and the last day to report it."""

    notice: TaskNotice
    visited: date
    reason: str
    due: date


@dataclass(frozen=True, slots=True)
class FilingReceipt:
    """The number under which a report of a missing code was taken; the same report has one number only."""

    system: str
    task: str
    number: str
    at: datetime | None = None


@runtime_checkable
class EnforcementSystem(Protocol):
    """The authority's enforcement and supervision application 行政执法和执法监督应用, which gives codes to tasks.

    Every call may come again with the same task and must then answer the same. What went wrong is raised as
    :class:`shuangsui.OutsideFailed`; ``permanent=True`` if trying again is useless.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in receipts."""

    def push_task(self, notice: TaskNotice) -> CodeReceipt:
        """Make the task known there and answer its code."""

    def query(self, task: str) -> CodeReceipt:
        """The code of a task, by its number; ``code`` None if the system does not know it or gave it none."""

    def report_missing(self, missing: MissingCode) -> FilingReceipt:
        """File that a task was carried out without a code."""

    def check(self) -> Health:
        """Try settings, connection and credentials without pushing anything."""


KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@runtime_checkable
class KeyStore(Protocol):
    """Keeps the keys under which the authority's telephones and identity numbers are sealed 密钥库.

    The platform seals and opens by itself, with AES-256-GCM; what it sealed carries the id of its key. A key stays as
    long as anything is sealed under it: whoever loses it has lost that for good. What goes wrong is raised as
    :class:`shuangsui.OutsideFailed`, ``permanent=True`` for an id that the store does not have.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in everything sealed under its keys."""

    @property
    def network(self) -> bool:
        """Whether it talks to a network; it then works in a process of its own."""

    def current(self) -> str:
        """Id of the key for what is sealed from now on; empty if the store only opens what was sealed earlier."""

    def derive(self, key: str, purpose: str) -> bytes:
        """32 bytes, always the same for the key of this id and this purpose; no other purpose's can be told from them.

        ``purpose`` names the column, for example ``signature_contact.contact``.
        """

    def renew(self) -> str:
        """Make a new key and answer its id, which is the current one from now on; the earlier ones stay."""

    def check(self) -> Health:
        """Try that the current key can be had."""
