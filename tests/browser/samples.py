"""A small public tree for the browser: pages rendered from the transcripts of the protocol's vectors.

Companies, offices and dates are invented. The contexts show every state a page knows: drawn with replacements,
a public registry, waiting for its event, abandoned.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fairdraw.pack import archive
from shuangsui.contracts import Bundle
from shuangsui.disclosure import feed, opendata
from shuangsui.disclosure.accessibility import statement
from shuangsui.disclosure.program import LISTING, listing, program
from shuangsui.disclosure.site import LANGUAGES, Shell, Site, places
from shuangsui.disclosure.transcripts import rule_terms, rule_text
from shuangsui.web.rendering import render, static_files

VECTORS = Path(__file__).parents[1] / "vectors"
SLUG = "yuzhou"
Json = dict[str, Any]
Files = dict[str, bytes]

COMPANIES = [f"渝州市{name}有限公司" for name in (
    "长河机械制造", "青石民爆器材", "南山工业炸药", "云台稀土新材", "东渡食盐", "缙云电子", "铜锣船舶", "歌乐化工",
    "石桥铸造", "鹅岭通用航空", "白市驿汽车零部件", "黄桷坪节能装备", "磁器口食盐配送", "大渡口特种设备",
    "江津动力", "合川电机",
)]  # fmt: skip

COMMON: Json = {
    "tenant": {
        "slug": SLUG,
        "name": "渝州市经济和信息化委员会",
        "plan_year": 2026,
        "footer": ["主办：渝州市经济和信息化委员会（示例）"],
    },
    "demo": True,
    "made_at": datetime.fromisoformat("2026-12-02T01:30:00Z"),
}

STRATA = {"GEN": "一般企业", "KEY": "重点企业", "ALL": "全部对象", "A": "A 类", "B": "B 类", "C": "C 类", "D": "D 类"}


def vector(name: str) -> Json:
    """One vector file."""
    content: Json = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return content


def transcript(name: str) -> Files:
    """The published files of a vector."""
    return {file: text.encode() for file, text in vector(name)["files"].items()}


def lines_of(files: Mapping[str, bytes]) -> list[Json]:
    """The log's entries."""
    return [json.loads(line) for line in files["log.jsonl"].splitlines()]


def relogged(files: Files, entries: list[Json], plan: Json | None = None) -> Files:
    """The same files with these log entries linked anew, and with another plan logged in the place of its own."""
    changed = dict(files)
    if plan is not None:
        changed["plan.json"] = canon(plan)
        entries[0]["body"]["plan_hash"] = hashlib.sha256(b"srd1/plan\n" + changed["plan.json"]).hexdigest()
    prev, lines = "0" * 64, []
    for i, entry in enumerate(entries):
        line = canon({**entry, "i": i, "prev": prev})
        prev = hashlib.sha256(b"srd1/log\n" + line).hexdigest()
        lines.append(line + b"\n")
    changed["log.jsonl"] = b"".join(lines)
    return changed


def canon(value: Any) -> bytes:
    """Canonical JSON of values without control characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def waiting() -> Files:
    """A draw whose plan is logged and nothing else."""
    files = transcript("v2")
    del files["result.json"], files["receipt-1.json"]
    return relogged({**files, "openings.json": b"{}"}, lines_of(files)[:1])


def abandoned() -> Files:
    """A demonstration draw given up because its event failed."""
    files = transcript("v4")
    del files["result.json"]
    plan = {**json.loads(files["plan.json"]), "ext": {"demo": True}}
    entry = lines_of(files)[0]
    body = {"seq": plan["seq"], "r": 0, "reason": "event-failed", "by": ["综合执法处", "纪检监察组"]}
    ending = {**entry, "kind": "ABANDON", "time": "2026-12-01T03:20:00Z", "body": body}
    return relogged({**files, "openings.json": b"{}"}, [entry, ending], plan)


# contexts, made from transcripts as the site's writer makes them


def draw_context(no: str, title: str, files: Mapping[str, bytes], item: str) -> Json:
    """The `draw` of public/draw.html."""
    plan = json.loads(files["plan.json"])
    entries = [e for e in lines_of(files) if e["body"]["seq"] == plan["seq"]]
    ending = next((e for e in entries if e["kind"] in ("RESULT", "ABANDON") and e["body"]["r"] == 0), None)
    result = ending is not None and ending["kind"] == "RESULT"
    return {
        "no": no,
        "title": title,
        "item": {"code": plan["item"], "name": item},
        "state": "drawn" if result else "abandoned" if ending else "committed",
        **{member: plan[member] for member in ("basis", "mode", "suite", "seq", "origin", "reveal_by")},
        "plan_hash": entries[0]["body"]["plan_hash"],
        "planned_at": entries[0]["time"],
        "snapshot": _snapshot(plan),
        **SURROUNDINGS,
        "contributors": [_contributor(c, entries) for c in plan["contributors"]],
        "events": [_event(e, entries) for e in plan["events"]],
        "result": _result(plan, files, entries, ending) if result else None,
        "abandon": {"at": ending["time"], **ending["body"]} if ending and not result else None,
        "replacements": [_replacement(e, entries) for e in entries if e["kind"] == "REPLACE"],
        "files": [
            {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
        "checkpoints": sum(name.startswith("checkpoint-") for name in files),
    }


SURROUNDINGS: Json = {
    "pools": {"teams": 12, "experts": 1},
    "cause": "line",
    "parent": {"origin": "example/superior", "plan_hash": "ab" * 32, "result_hash": "cd" * 32},
    "unplanned": {"reason": "群众集中反映的问题需要及时核查"},
    "eligibility": {"posts": ["节能监察"], "offices": [], "version": 2, "valid_from": "2026-01-01"},
    "amendments": [
        {
            "plugin": "rules-liangjiang",
            "key": "publication.days",
            "meaning": "公开期限",
            "value": 15,
            "basis": "样例 第一条",
        }
    ],
    "objections": [{"no": 1, "at": "2026-06-15T02:00:55Z", "text": "摇号球在第二次开奖前没有当众清点。"}],
    "expert_pools": [{"pool": "experts-roster/registry", "day": "2026-06-15", "people": 5, "digest": "ef" * 32}],
    "registry_changes": {
        "days": 30,
        "objects": {"added": 1234, "changed": 56, "removed": 7},
        "inspectors": {"added": 1, "changed": 0, "removed": 2},
    },
}
"""Everything that may stand beside a draw, so that the pages show it."""


def _snapshot(plan: Json) -> Json:
    snapshot, rules = plan["snapshot"], plan["rules"]
    strata = [
        {
            "name": STRATA[name],
            "eligible": n,
            "quota": plan["quota"][name],
            "rule": rule_text(rules, name),
            "terms": rule_terms(rules, name),
        }
        for name, n in snapshot["eligible"].items()
    ]
    excluded = [{"code": code, "count": n, "meaning": None} for code, n in snapshot["excluded"].items()]
    return {"n": snapshot["n"], "root": snapshot["root"], "strata": strata, "excluded": excluded}


def _contributor(contributor: Json, entries: list[Json]) -> Json:
    who = contributor["who"]
    reveal = next((e["time"] for e in entries if e["kind"] == "REVEAL" and e["body"]["who"] == who), None)
    escrow = contributor["escrow"] and contributor["escrow"]["to"]
    signed = contributor["sig"] is not None
    return {"who": who, "commit": contributor["commit"], "escrow": escrow, "signed": signed, "revealed_at": reveal}


def _event(event: Json, entries: list[Json]) -> Json:
    values = [e["body"]["value"] for e in entries if e["kind"] == "EVENT" and e["body"]["name"] == event["name"]]
    return {
        "name": event["name"],
        "kind": event["kind"],
        "at": event["at"],
        "chain": event.get("chain"),
        "round": event.get("round"),
        "value": next(iter(values), None),
        "proof": None,
    }


def _result(plan: Json, files: Mapping[str, bytes], entries: list[Json], ending: Json) -> Json:
    result, openings = json.loads(files["result.json"]), json.loads(files["openings.json"])
    order, cancelled = list(result["order"]), set()
    pools = {pool: result[pool]["slots"] if result[pool] else [[] for _ in order] for pool in ("teams", "experts")}
    for request in (e["body"] for e in entries if e["kind"] == "REPLACE"):
        came = next((e["body"]["in"] for e in entries if e["kind"] == "RESULT" and e["body"]["r"] == request["r"]), [])
        if request["what"] == "person":
            for t, s, person in came:
                pools[request["pool"]][t][s] = person
        elif came:
            order[request["task"]] = came
        else:
            cancelled.add(request["task"])
    stratum = dict(line.split()[:2] for line in files["rows.txt"].decode().splitlines())
    tasks = [
        {
            "number": t + 1,
            "batch": t // plan["batch"] + 1 if plan["batch"] else None,
            "b": b,
            "stratum": STRATA[stratum[b]],
            "cancelled": t in cancelled,
            "company": {"id": openings[b]["id"], "name": COMPANIES[t % len(COMPANIES)]} if t % 5 != 4 else None,
            "officers": pools["teams"][t],
            "experts": pools["experts"][t],
        }
        for t, b in enumerate(order)
    ]
    empty = sum(seat is None for pool in pools.values() for slots in pool for seat in slots)
    head = {"at": ending["time"], "seed": ending["body"]["seed"]}
    return {**head, "batches": plan["batch"] > 0, "empty_seats": empty, "tasks": tasks}


def _replacement(entry: Json, entries: list[Json]) -> Json:
    body = entry["body"]
    came = [e["body"]["in"] for e in entries if e["kind"] == "RESULT" and e["body"]["r"] == body["r"]]
    if body["what"] == "object":
        out, ids = body["out"][:16] + "…", [b[:16] + "…" for b in came if b]
    else:
        out, ids = body["out"], sorted({seat[2] for seats in came for seat in seats if seat[2]})
    head = {"r": body["r"], "at": entry["time"], "what": body["what"], "pool": body.get("pool")}
    return {**head, "task": body["task"] + 1, "out": out, "came": ids, "done": bool(came), "reason": body["reason"]}


def summary(draw: Json) -> Json:
    """The line of one draw in a list."""
    ending = draw["result"] or draw["abandon"]
    return {
        **{member: draw[member] for member in ("no", "title", "state")},
        "item": draw["item"]["name"],
        "n": draw["snapshot"]["n"],
        "quota": sum(stratum["quota"] for stratum in draw["snapshot"]["strata"]),
        "at": draw["events"][0]["at"],
        "settled_at": ending and ending["at"],
        "reason": draw["abandon"] and draw["abandon"]["reason"],
    }


# the tree


def build(root: Path) -> None:
    """Write pages, their JSON twins, transcripts and static files under ``root``."""
    for path, source in static_files().items():
        _write(root / path, source.read_bytes())
    draws = []
    for no, title, files, item in _draws():
        files = {**files, "fairdraw.pyz": archive()}
        draw = draw_context(no, title, files, item)
        draws.append(draw)
        for name, data in files.items():
            _write(root / SLUG / "draws" / no / name, data)
        base_url = f"https://ssj.example.gov.cn/{SLUG}/draws/{no}/"
        _page(root, f"{SLUG}/draws/{no}", "draw", {"draw": draw, "base_url": base_url}, twin=draw)
    summaries = [summary(draw) for draw in draws]
    for folder, name, context in _lists(summaries):
        _page(root, folder, name, context)
    _write(root / SLUG / "verify" / LISTING, listing(verifying()["files"]))
    for file in _open_data(summaries).files:
        _write(root / SLUG / file.path, file.data)


def _open_data(draws: list[Json]) -> Bundle:
    """Tables, feed and their page, as the site itself makes them."""
    tenant = COMMON["tenant"]
    shell = Shell(render, "", demo=True, made_at=COMMON["made_at"])
    site = Site(shell, SLUG, tenant["name"], tenant["plan_year"], tuple(tenant["footer"]))
    keyed = [(f"2026-007-{n}", row) for n, row in enumerate(results())]
    tables = [
        opendata.plans([annual_plan()]), opendata.draws(draws, site.root),
        opendata.results(keyed, site.root, site.name), opendata.items(items()),
    ]  # fmt: skip
    newest = feed.entries([annual_plan()], draws, keyed)
    return site.opendata(tables, feed.feed(SLUG, site.name, site.root, newest, shell.made_at))


def _draws() -> list[tuple[str, str, Files, str]]:
    return [
        ("2026-009", "2026 年特种设备安全监督抽查（第一批）", waiting(), "特种设备使用单位安全管理检查"),
        ("2026-008", "2026 年食盐定点企业检查", transcript("v7"), "食盐定点生产、批发企业检查"),
        ("2026-007", "2026 年民用爆炸物品生产企业检查（第二批）", transcript("v5"), "民用爆炸物品生产企业检查"),
        ("2026-006", "2026 年工业节能监察（第四季度）", abandoned(), "工业节能监察"),
    ]


def _lists(draws: list[Json]) -> list[tuple[str, str, Json]]:
    counts = {"plans": 4, "results": 2, "abandoned": 1, "open": 1}
    catalogue = {"version": 3, "count": 28, "published_on": date(2026, 1, 20)}
    beiling = {"slug": "beiling", "name": "北岭县经济和信息化局"}
    followed = {"turn": "succeed", "since": date(2026, 3, 2), "document": "渝州委编〔2026〕3号", "others": [beiling]}
    home = {"counts": counts, "draws": draws, "results": results()[:5], "catalogue": catalogue, "tenure": [followed]}
    authority = {"slug": SLUG, "name": "渝州市经济和信息化委员会", "draws": 4, "results": 9, "latest": draws[0]["at"]}
    cases = [{"year": 2026, "special": 4, "clue": 2, "instant": 1}]
    empty = {**beiling, "draws": 0, "results": 0, "latest": None}
    return [
        ("", "authorities", {"tenant": None, "authorities": [authority, empty]}),
        (SLUG, "home", home),
        (f"{SLUG}/items", "items", {"catalogue": items()}),
        (f"{SLUG}/plans/2026", "plan", {"plan": annual_plan(), "years": [2026, 2025]}),
        (f"{SLUG}/draws", "draws", {"counts": counts, "draws": draws}),
        (f"{SLUG}/results", "results", {"results": results()}),
        (f"{SLUG}/special", "special", {"quarters": quarters(), "cases": cases}),
        (f"{SLUG}/rules", "rules", {"rules": provisions()}),
        (f"{SLUG}/a11y", "accessibility", {"statement": statement(("023-00000000",))}),
        (f"{SLUG}/verify", "verify", {"draws": draws, "program": verifying()}),
    ]


def verifying() -> Json:
    """The `program` of public/verify.html."""
    return program({path: source.read_bytes() for path, source in static_files().items()})


def provisions() -> Json:
    """The `rules` of public/rules.html."""
    readings = [
        {"article": "第十八条", "text": "第三十日的次日起施行", "valid_from": date(2021, 2, 9), "chosen": True},
        {"article": "第十八条", "text": "满三十日的当日起施行", "valid_from": date(2021, 2, 8), "chosen": False},
    ]
    text = {
        "id": "measures", "title": "“双随机、一公开”监管实施办法", "issuer": "渝州市经济和信息化委员会",
        "number": "渝州经信发〔2021〕6号", "issued": date(2021, 1, 9), "valid_from": date(2021, 2, 9), "valid_to": None,
        "basis": "根据部实施办法等要求", "source": "公开发布的全文",
        "parent": {"title": "部实施办法", "number": "〔2018〕45号"},
        "repeals": ["渝州经信发〔2018〕55号"], "readings": readings, "advice": False,
    }  # fmt: skip
    bare = {"valid_from": None, "parent": None, "repeals": [], "readings": [], "advice": True}
    value = {
        "key": "publication.days", "meaning": "抽查结束后公开的期限", "value": "20 工作日",
        "plain": 20, "unit": "工作日", "text": "结束后20个工作日内", "basis": "渝州经信发〔2021〕6号 第十四条",
    }  # fmt: skip
    return {"on": date(2026, 12, 9), "digest": "ab" * 32, "texts": [text, {**text, **bare}], "values": [value]}


def _page(root: Path, folder: str, name: str, context: Json, twin: Json | None = None) -> None:
    """A page in every language and its twin; ``folder`` begins with the authority, or is empty at the root."""
    slug, _, within = folder.partition("/")
    top, below = (f"/{slug}/" if slug else "/"), (f"{within}/" if within else "")
    for language, prefix in LANGUAGES.items():
        values = {**COMMON, **places(top, below, language), **context}
        html = render(f"public/{name}.html", language, **values)
        _write(root / slug / prefix / within / "index.html", html.encode())
    text = json.dumps(twin or context, ensure_ascii=False, default=str)
    _write(root / folder / "index.json", text.encode())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def items() -> Json:
    """A version of the item list: two key items, one general one."""
    key = {
        "class": "key", "cap": None, "ratio": "100%", "frequency": "每月不少于1次", "ground": "安全",
        "office": "民爆行业管理处", "mode": "现场检查、书面检查",
        "extra": [{"label": "抽查对象", "text": "取得许可证的企业"}],
        "publication": "汇总情况在门户网站公示；依法不予公开的结果不公示，可定向通报",
        "basis": "《民用爆炸物品安全管理条例》（国务院令第466号，2014年修订）第四条；"
                 "《民用爆炸物品安全生产许可实施办法》",
    }  # fmt: skip
    general = {**key, "class": "general", "cap": "5%", "ratio": "5%", "frequency": "每年1次", "ground": None}
    return {
        "version": 3,
        "approver": "委领导",
        "approved_on": date(2026, 1, 15),
        "published_on": date(2026, 1, 20),
        "digest": "d5336e9d4d5f2639af82cc27081b41efb483f7cd2b724ae9577491079b04851d",
        "rows": [
            {**key, "code": "JX-01", "name": "民用爆炸物品生产企业检查",
             "content": "生产许可与许可范围、核定能力；工房定员定量；安全管理制度与教育培训；产品流向登记"},
            {**key, "code": "JX-02", "name": "民用爆炸物品销售企业检查",
             "content": "销售许可与许可范围；购销合同与买受人资质；储存条件；销售流向备案"},
            {**general, "code": "JX-11", "name": "工业节能监察", "office": "节能与综合利用处", "extra": [],
             "publication": "在门户网站和信用信息公示系统公示", "mode": "现场检查、书面检查、网络监测",
             "content": "能耗限额标准执行情况；高耗能落后设备淘汰情况", "basis": "《工业节能管理办法》第五条"},
        ],
    }  # fmt: skip


def annual_plan() -> Json:
    """A year's plan: a line with a round, one without, one ended, one outside the plan."""
    line = {
        "no": "2026-01", "item": "民用爆炸物品生产企业检查", "item_code": "JX-01", "class": "key",
        "scope": "取得民用爆炸物品生产许可证的企业", "ratio": "100%", "ratios": [{"stratum": "ALL", "ratio": "100%"}],
        "starts": "2026-01-01", "ends": "2026-12-31", "method": "现场检查", "batches": 4, "team_size": 2, "experts": 1,
        "rounds_planned": 12, "ended": None, "unplanned": None,
        "rounds": [{"no": "2026-007", "state": "drawn"}],
    }  # fmt: skip
    general = {
        **line, "no": "2026-02", "item": "工业节能监察", "item_code": "JX-11", "class": "general", "rounds_planned": 1,
        "scope": "年综合能耗 5000 吨标准煤以上的工业企业", "ratio": "A 类 1%；B 类 3%；C 类 5%",
        "ratios": [{"stratum": name, "ratio": ratio} for name, ratio in (("A", "1%"), ("B", "3%"), ("C", "5%"))],
        "starts": "2026-10-01", "batches": 0, "experts": 0, "rounds": [{"no": "2026-006", "state": "abandoned"}],
    }  # fmt: skip
    ended = {**general, "no": "2026-03", "item": "软件企业核查", "rounds": [], "ended": "职能划转"}
    unplanned = {**general, "no": "2026-04", "rounds": [], "unplanned": "群众集中反映的问题需要及时核查"}
    return {
        "year": 2026, "version": 2, "approved_on": date(2026, 3, 18), "reason": "新增节能监察条目", "overrides": 1,
        "lines": [line, general, ended], "unplanned": [unplanned],
    }  # fmt: skip


def quarters() -> list[Json]:
    """The back-door indicator: a quarter above the threshold, one below it."""
    quarter = {"year": 2026, "n": 3, "visits": 10, "exempt": 4, "threshold": 30, "amber": True}
    return [quarter, {**quarter, "n": 2, "visits": 40, "amber": False}]


CORRECTED = [{"on": date(2026, 11, 25), "note": "更正企业名称"}]


def results() -> list[Json]:
    """Inspection results: clean, with a problem, corrected, withheld."""
    outcomes = [
        "未发现问题",
        "未发现问题",
        "发现问题经责令已改正",
        "未发现问题",
        "未发现开展本次抽查涉及的（生产）经营活动",
    ]
    rows = [
        {
            "company": company, "code": f"91500{i:03}MA{i * 7919 % 10**7:07}X"[:18], "item": "民用爆炸物品生产企业检查",
            "mode": "现场检查", "checked_on": date(2026, 11, 2 + i), "team_size": 2, "outcome": outcomes[i % 5],
            "categories": [outcomes[i % 5]], "details": [],
            "problem": i % 5 in (2, 4), "rectification": "已于 2026-11-20 完成整改" if i % 5 == 2 else None,
            "published_on": date(2026, 11, 20 + i % 8), "draw_no": "2026-007", "withheld": None,
            "withdrawn": None, "corrections": CORRECTED if i == 1 else [],
            "follows": "2026-007-3-1" if i == 5 else None,
            "followed_by": "2026-007-3-2" if i == 6 else None,
        }
        for i, company in enumerate(COMPANIES[:9])
    ]  # fmt: skip
    rows[3]["withheld"] = "《政府信息公开条例》第十四条"
    return rows
