"""Keys in a folder: ``0001-3f9c….key`` has 32 random bytes, and its name says which; the highest number is current.

A key file that another account may read, or whose content is not what its name says, is refused.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shuangsui import Health, OutsideFailed

SIZE = 32
ENDING = ".key"
_ID = re.compile(r"([0-9]{4,})-([0-9a-f]{16})")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Folder:
    """The keys of one tenant."""

    place: Path
    tenant: str
    only_opens: bool = False
    name: str = "files"
    network: bool = False

    def current(self) -> str:
        """The newest; made at the first need."""
        if self.only_opens:
            return ""
        with _told(self.place):
            return max(self._ids(), key=_order, default="") or self._made(1)

    def derive(self, key: str, purpose: str) -> bytes:
        """HMAC-SHA-256 of the tenant and the purpose under the file's bytes."""
        with _told(self.place):
            whole = self._read(key)
        return hmac.digest(whole, f"shuangsui-keys-file 1\0{self.tenant}\0{purpose}".encode(), "sha256")

    def renew(self) -> str:
        """One more file."""
        if self.only_opens:
            raise _refused(f"密钥文件夹 {self.place} 只用来打开从前密封的，请在插件的选项里改过来再更换密钥")
        with _told(self.place):
            return self._made(max(map(_order, self._ids()), default=(0, ""))[0] + 1)

    def check(self) -> Health:
        """Read every key."""
        try:
            with _told(self.place):
                held = self._ids()
                for key in held:
                    self._read(key)
                if not held and not os.access(self.place.parent, os.W_OK):
                    raise _refused(f"密钥文件夹 {self.place.parent} 不存在或者不能写入，请运维人员建立")
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"密钥文件夹 {self.place} 可以使用，有 {len(held)} 个密钥。")

    def _ids(self) -> list[str]:
        if not self.place.is_dir():
            return []
        if self.place.stat().st_mode & _OTHERS:
            raise _refused(f"密钥文件夹 {self.place} 可被其他账号读取，请执行 chmod 700")
        return [file.stem for file in self.place.glob(f"*{ENDING}") if _ID.fullmatch(file.stem)]

    def _read(self, key: str) -> bytes:
        file = self.place / f"{key}{ENDING}"
        self.place.stat()  # a folder that is away may come back, a file that is missing in it will not
        if not _ID.fullmatch(key) or not file.is_file():
            raise _refused(f"密钥文件夹 {self.place} 里没有密钥 {key}，请放回当时的密钥文件")
        if file.stat().st_mode & _OTHERS:
            raise _refused(f"密钥文件 {file} 可被其他账号读取，请执行 chmod 600")
        whole = file.read_bytes()
        if len(whole) != SIZE or _mark(whole) != key.partition("-")[2]:
            raise _refused(f"密钥文件 {file} 的内容不对，请放回当时的密钥文件")
        return whole

    def _made(self, number: int) -> str:
        """A new key, on the disk with its name before anything is sealed; of two made at once both stay readable."""
        self.place.mkdir(mode=0o700, exist_ok=True)
        _sync(self.place.parent)
        whole = secrets.token_bytes(SIZE)
        key = f"{number:04d}-{_mark(whole)}"
        draft = self.place / f".{key}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(whole)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(self.place / f"{key}{ENDING}")
        _sync(self.place)
        return key


def _sync(folder: Path) -> None:
    """Names are on the disk and not only in its cache: a power cut must not take the key of what is sealed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _order(key: str) -> tuple[int, str]:
    return int(key.partition("-")[0]), key


def _mark(whole: bytes) -> str:
    """Tells one key from another and says nothing of it."""
    return sha256(b"shuangsui-keys-file mark\0" + whole).hexdigest()[:16]


def _refused(problem: str) -> OutsideFailed:
    """What a person has to put right."""
    return OutsideFailed("keys_file", permanent=True, problem=problem)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """What the disk complains of, as one sentence; a folder that is not mounted may come back."""
    try:
        yield
    except OSError as error:
        problem = f"密钥文件夹 {place} 不能使用（{error.strerror or error}），请检查磁盘和权限"
        raise OutsideFailed("keys_file", problem=problem) from error
