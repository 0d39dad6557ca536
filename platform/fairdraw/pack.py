"""``python -m fairdraw.pack OUT``: the kernel as one file, ``fairdraw.pyz``.

The same source gives the same bytes on every machine: stored, for compressors differ between versions.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

START = """\
import runpy, sys
TOOLS = ("verify", "secret", "audit", "vectors")
tool = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in TOOLS else "verify"
runpy.run_module("fairdraw." + tool, run_name="__main__", alter_sys=True)
"""


def archive() -> bytes:
    """The bytes of ``fairdraw.pyz``: run it as ``python fairdraw.pyz [verify|secret|audit|vectors] …``."""
    buffer = io.BytesIO(b"#!/usr/bin/env python3\n")
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "w") as pack:
        _add(pack, "__main__.py", START.encode())
        for source in sorted(Path(__file__).parent.glob("*.py")):
            _add(pack, f"fairdraw/{source.name}", source.read_bytes())
    return buffer.getvalue()


def _add(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # else the packing machine's own
    pack.writestr(entry, data)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(archive())
