"""Hostile plugins, each a module's source, and a decent double of each: the same hooks, the same number, no harm."""

from __future__ import annotations

HEAD = "from shuangsui import *\nfrom shuangsui import hookimpl\napi = 1\n"
CHANNEL = """
class Channel:
    name, network = "{name}", {network}
    def publish(self, bundle):
        {publish}
        return Receipt("x", "x", bundle.digest, False)
    def read_back(self, bundle): return Receipt("x", "x", bundle.digest, True)
    def check(self): return Health(True, "正常。")
@hookimpl
def register_disclosure_channels(context): return [Channel()]
"""
ROWS = """import os, pathlib, sqlite3
        from shuangsui import db
        from shuangsui.settings import Settings
        told = {{name: value for name, value in os.environ.items() if "DATABASE" in name or "MIGRATION" in name}}
        with db.session(db.engine(Settings()), "{victim}", readonly=True) as session:
            from shuangsui.ledger.service import verify
            told["rows"] = verify(session).checked
        raise OutsideFailed("stolen", problem=str(told))"""
LOOSE = (
    '[pack]\nid = "loose"\nrank = "measures"\nbinds = "own"\ntitle = "x"\nissuer = "x"\nnumber = "x"\n'
    'issued = 2020-01-01\nvalid_from = 2020-01-01\nbasis = "x"\nsource = "x"\n'
    '[[rule]]\nkey = "team.min_officers"\nvalue = 1\narticle = "第一条"\n'
)
HOOK = "@hookimpl\ndef register_disclosure_channels(): "
QUIET = f"{HEAD}{HOOK}return []\n"
PACKS = "@hookimpl\ndef register_rule_packs(): "

RAISES_ON_IMPORT = "raise RuntimeError('boom')\n"
RAISES_IN_A_HOOK = f"{HEAD}{HOOK}raise RuntimeError('boom')\n"
HANGS = f"{HEAD}import time\n{HOOK}time.sleep(60)\n"
WRONG_TYPE = f"{HEAD}{HOOK}return [42]\n"
WEAKENS_A_FLOOR = f"{HEAD}{PACKS}return [RulePackFile('loose.toml', {LOOSE!r}.encode())]\n"
PATCHES_EARLY = f"{HEAD}from shuangsui import db\ndb.now = lambda session: None\n"
PATCHES_LATE = f"{HEAD}{HOOK}\n    from shuangsui import db\n    db.wall = lambda: None\n    return []\n"

EXIT = "import os; os._exit(7)"
FLOOD = "import logging\n        for n in range(5000): logging.getLogger('shuangsui.fake').error('flood %s', n)"
EAT = "kept = []\n        while True: kept.append(bytearray(64 << 20))"
MUTATE = "object.__setattr__(bundle.files[0], 'data', b'y'); object.__setattr__(bundle, 'key', 'other')"


def channel(name: str, publish: str, *, network: bool = False) -> str:
    """A plugin with one channel, which does ``publish`` first when it is to publish."""
    return HEAD + CHANNEL.format(name=name, publish=publish, network=network)


def rows_of(victim: str) -> str:
    """What a channel does that asks for the rows of another tenant, and tells what it found."""
    return ROWS.format(victim=victim)


def doubled(victim: str) -> dict[str, tuple[str, str]]:
    """Name → the hostile plugin and its decent double; who asks for rows asks for those of ``victim``."""
    channels = {"exits": EXIT, "eats": EAT, "steals": rows_of(victim), "floods": FLOOD, "mutates": MUTATE}
    apart = ("exits", "eats", "steals")
    return {
        "import": (RAISES_ON_IMPORT, f"{HEAD}"), "raises": (RAISES_IN_A_HOOK, QUIET), "hangs": (HANGS, QUIET),
        "mistypes": (WRONG_TYPE, QUIET), "loosens": (WEAKENS_A_FLOOR, f"{HEAD}{PACKS}return []\n"),
        "early": (PATCHES_EARLY, HEAD), "late": (PATCHES_LATE, QUIET),
    } | {
        name: (channel(name, does, network=name in apart), channel(name, "pass", network=name in apart))
        for name, does in channels.items()
    }  # fmt: skip
