"""``python -m fairdraw.audit DIR --registry FILE --key FILE``: the supervisor's private check (srd-1 section 14).

Only the holder of ``K`` can make it: every row stands for one registry entry, every entry has its row, none has two.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fairdraw import snapshot
from fairdraw.failures import Failure
from fairdraw.messages import TEXTS
from fairdraw.plan import Plan
from fairdraw.plan import read as read_plan
from fairdraw.secret import read_key
from fairdraw.snapshot import Record, Row, blind_with
from fairdraw.suites import hasher
from fairdraw.verify import say

COLUMNS = ("id", "stratum", "weight", "status")


def read_registry(path: Path) -> list[Record]:
    """The real registry as of the freeze: CSV in UTF-8 with the columns ``id,stratum,weight,status``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if set(COLUMNS) - set(reader.fieldnames or ()):
            raise ValueError(f"{path}: 应有列 {','.join(COLUMNS)}")
        return [_record(row, reader.line_num) for row in reader]


def _record(row: Mapping[str, str | None], line: int) -> Record:
    id_, stratum, weight, status = (row[column] for column in COLUMNS)
    if id_ is None or stratum is None or weight is None or status is None or not weight.isdecimal():
        raise ValueError(f"名录第 {line} 行不完整，或权重不是整数")
    return Record(id_, stratum, int(weight), status)


def findings(records: Sequence[Record], rows: Sequence[Row], key: bytes | None, plan: Plan) -> Iterator[str]:
    """Ghosts, missing, double and altered entries, one Chinese line each."""
    h = hasher(plan["suite"])
    for id_, count in Counter(record.id for record in records).items():
        if count > 1:
            yield f"重复：{id_} 在名录中出现 {count} 次"
    expected = {blind_with(key, record.id, h): record for record in records}
    found = {row.b: row for row in rows}
    for b in sorted(found.keys() - expected.keys()):
        yield f"无主：{b.hex()} 这一行不对应任何名录条目"
    for b in sorted(expected.keys() - found.keys()):
        yield f"遗漏：{expected[b].id} 没有对应的行"
    for b in sorted(expected.keys() & found.keys()):
        record, row = expected[b], found[b]
        if record[1:] != row[1:]:
            yield f"不符：{record.id} 名录为 {record[1:]}，冻结为 {row[1:]}"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 nothing found, 1 findings or a bad snapshot, 2 wrong usage."""
    parser = argparse.ArgumentParser("fairdraw.audit", description="监督人员对冻结名录的核对（需要盐密钥 K）。")
    parser.add_argument("dir", type=Path, metavar="DIR")
    parser.add_argument("--registry", type=Path, required=True, metavar="FILE", help="冻结时的真实名录")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="K：64 位十六进制")
    options = parser.parse_args(argv)
    try:
        key = read_key(options.key.read_text("utf-8-sig"))
        records = read_registry(options.registry)
        plan = read_plan((options.dir / "plan.json").read_bytes())
        frozen = snapshot.read((options.dir / "rows.txt").read_bytes(), plan.members)
    except Failure as failure:
        say(TEXTS[failure.code])
        say(f"FAIL {failure}")
        return 1
    except (OSError, ValueError, csv.Error) as error:
        say(f"无法核对：{error}")
        return 2
    rows = [snapshot.parse_row(line + b"\n") for line in frozen.rows[:-1].split(b"\n")]
    found = list(findings(records, rows, key if plan.salted else None, plan))
    for line in found:
        say(line)
    say(f"名录 {len(records)} 条，冻结 {len(rows)} 行，问题 {len(found)} 处")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
