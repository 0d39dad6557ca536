"""``tenants/README.md``, written from the schema, the key table and the packs, so that it cannot say anything else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel

from shuangsui.rules.keys import KEYS, KINDS, KeySpec
from shuangsui.rules.packs import Pack, installed
from shuangsui.rules.policy import SINCE_EVER, Rules, amount, effective
from shuangsui.tenancy.annexes import CapEntry, ExemptionEntry
from shuangsui.tenancy.policy import REQUIRED, inheritable
from shuangsui.tenancy.schema import Area, Oidc, OutsideWitness, RuleEntry, TenantFile
from shuangsui.tenancy.tenant import TIMEZONE

_MODES = {"floor": "下限", "ceiling": "上限", "locked": "锁定", "free": "可改"}

_TEXT = """\
# 租户配置

本文由 `shuangsui config reference > tenants/README.md` 生成，请勿手改。读者：市级和区县的系统管理员。

## 文件夹就是继承

```
tenants/
  <市级代码>/
    tenant.toml          机关信息和设置
    rules.toml           本机关自定的规则取值，没有就不建
    documents/           本机关的文书模板，如 notice.docx，没有就不建
    caps.toml            公布的检查频次上限，没有就不建
    exemptions.toml      不适用随机抽取的情形，没有就不建
    districts/
      <区县代码>/
        tenant.toml
        rules.toml
```

- 文件夹名就是租户代码，与 `tenant.toml` 的 `slug` 相同，启用后不再更改。区划代码只是带年份的属性。
- 区县只写与上级不同的内容，其余随上级；上级改了，区县随之改。
- 启动时检查全部租户的全部文件。任何一处写错，都报出文件、行号和改法，程序不启动。
- 时区固定为 {timezone}，不是设置。

| 命令 | 用途 |
|---|---|
| `shuangsui tenant list` | 全部租户 |
| `shuangsui tenant show mouqu` | 一个租户的设置，每项带文件和行号 |
| `shuangsui config explain --tenant mouqu publication.days` | 一项规则的取值、文件、行号、条款，以及各层规定 |
| `shuangsui config explain --tenant mouqu` | 全部规则 |
| `shuangsui tenant export mouqu --out 文件夹` | 把现行的配置写成文件：配置文件，加上规则修订和插件决定 |
| `shuangsui tenant import 文件夹/mouqu --dry-run` | 与现行配置的差别；不加 `--dry-run` 则写入修订草案 |
| `shuangsui document template notice --out notice.docx` | 一种文书的默认模板，用 Word 或 WPS 修改后放进 `documents/` |
| `shuangsui document check --tenant mouqu` | 试填本机关和上级的全部文书模板 |

## 在管理页面修改规则

规则也可以在管理页面“现行规则”里修改，不必动文件：

- 综合执法处逐键拟定修订草案，在“影响预览”里看按上一次公布的计划谁可以抽取、抽多少，哪些公开期限会变。
- 然后写明施行日，提请批准。
- 委领导批准或者不批准；提出人和批准人不得为同一人。施行日不早于批准当天，规则不溯及既往。
- 自施行日起，修订代替 `rules.toml` 对同一键的规定，同样受上层规定约束；市级的修订同文件一样及于区县。
- 回退是另一个修订，恢复此前的规定，同样须经批准；历史全部保留。
- 市级在“各区县规则对照”里看哪些区县有差别、哪些规则有约束。
- 文件和修订不会各说各话：`tenant export` 把修订写进 `rules.toml`；`tenant import` 把差别写入草案，不直接施行。

## tenant.toml

某区（mouqu）的上级是某市（moushi），由上级和相邻的某区（linqu）见证：

```toml
slug = "mouqu"
name = "某市某区经济和信息化委员会"
short = "某区经济信息委"
witnesses = ["moushi", "linqu"]

[[areas]]
code = "990101"
name = "某区"
valid_from = 1997
```

{tenant_keys}

### areas

{area_keys}

### outside_witnesses

```toml
slug = "mouqu"
name = "某市某区经济和信息化委员会"
short = "某区经济信息委"

[[outside_witnesses]]
address = "https://witness.example.org/mouqu"
key = "witness.example.org/w1+64db5c28+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
```

{witness_keys}

向见证方提交检查点用 `shuangsui witness request` 和 `shuangsui witness add`。服务启动时另向每个见证方
取它最后会签的检查点：抽取日志比它短，或者不是同一份，本机关就只能查看。见证方连不上时记入运行日志，按公示目录里的检查点对照。

### oidc

```toml
slug = "mouqu"
name = "某市某区经济和信息化委员会"
short = "某区经济信息委"

[oidc]
issuer = "https://sso.example.gov.cn/realms/mouqu"
client_id = "shuangsui"
secret_env = "SHUANGSUI_OIDC_MOUQU"

[oidc.roles]
jxw-zhifa = "lead_office"
jxw-lingdao = "leader"
```

{oidc_keys}

在统一认证服务器登记的回调地址为 `https://<本平台>/console/oidc/<租户代码>/callback`。
角色须使用第二因素的人员，统一认证服务器也须做多因素认证，并在声明 `amr` 中写明（mfa、otp、hwk、swk、sc、pop 之一）。

## rules.toml

只写与上层不同的取值。放宽上级办法的取值，必须用 `own_basis` 写明本级文件的文号；国家和市政府的规定任何人不得放宽。

```toml
[[rule]]
key = "publication.days"
value = 15
article = "第九条"
own_basis = "某区经信发〔2026〕3号"
valid_from = 2027-01-01
text = "检查结束后十五个工作日内公开"
```

{rule_fields}

各层依次生效，后一层代替前一层：产品默认值 → 国家 → 部 → 市政府规章 → 采用的办法 → 各级 `rules.toml` → 插件的修订。
取值可以同时是约束：下限只能更高，上限只能更低，锁定不能改；列表的下限只能增项，上限只能减项。
“名称=整数”的列表逐个名称比较：下限里的每个名称都要有，数只能更高；上限反之。
自己在 `packs` 里列出的规则包约束自己；从上级继承的只是默认值。

## caps.toml

同一机关每年对同一企业检查次数的上限，须先公布再执行。区县随上级，写同一范围的一条即代替上级的那一条。
事项、事项族、全部检查三种范围各自适用；同一范围内，写明信用风险类别的一条优先。

```toml
[[cap]]
family = "节能"
risk_class = "A"
per_year = 1
basis = "某区经信发〔2026〕4号"
published_on = 2026-06-30
```

{cap_fields}

## exemptions.toml

不适用随机抽取的检查（办法第十七条）。没有列出的情形不能办理。
区县随上级；自己的一条免除更多环节的，用 `own_basis` 写明文号。

```toml
[[exemption]]
code = "complaint-special"
name = "群众投诉举报的专项检查"
trigger = "complaint"
mode = "special"
authority = "某经信发〔2021〕6号 第十七条"
evidence = ["number", "received_on", "summary"]
skips = ["object_draw", "once_a_year", "plan"]
```

{exemption_fields}

## 规则包

{packs}

## 规则键

默认值是采用全部上述规则包时的取值。方式为“固定”的，法规或者抽取协议只容许一种做法，平台照此办理，写其他取值即报错。

{keys}
"""


def render() -> str:
    """The whole Markdown text; the same bytes for the same product."""
    packs = list(installed().values())
    return _TEXT.format(
        timezone=TIMEZONE,
        tenant_keys=_fields(TenantFile, inherited=True),
        area_keys=_fields(Area, inherited=False),
        witness_keys=_fields(OutsideWitness, inherited=False),
        oidc_keys=_fields(Oidc, inherited=False),
        rule_fields=_fields(RuleEntry, inherited=False),
        cap_fields=_fields(CapEntry, inherited=False),
        exemption_fields=_fields(ExemptionEntry, inherited=False),
        packs=_packs(packs),
        keys=_keys(effective([pack.layer(listed=True) for pack in packs], _newest(packs))),
    )


def _newest(packs: Iterable[Pack]) -> date:
    """The day from which every value of the packs has begun to apply."""
    return max((value.valid_from for pack in packs for value in pack.values), default=SINCE_EVER)


def _fields(model: type[BaseModel], *, inherited: bool) -> str:
    rows = []
    for name, field in model.model_fields.items():
        needed = "必填" if field.is_required() or name in REQUIRED else "可不写"
        source = "继承" if inheritable(name) or name == "options" else "不继承"
        rows.append([f"`{name}`", field.title or "", needed, *([source] if inherited else []), field.description or ""])
    return _table(["键", "类型", "必填", *(["继承"] if inherited else []), "说明"], rows)


def _packs(packs: Iterable[Pack]) -> str:
    rows = []
    for pack in packs:
        header = pack.header
        since = header.valid_from.isoformat() if header.valid_from else "逐条写明"
        rows.append([f"`{header.id}`", header.title, header.number, header.issued.isoformat(), since])
    return _table(["规则包", "名称", "文号", "印发", "施行"], rows)


def _keys(rules: Rules) -> str:
    rows = [_key(spec, rules) for spec in KEYS.values()]
    return _table(["键", "类型", "单位", "默认值", "方式", "依据", "规则包", "需求", "说明"], rows)


def _key(spec: KeySpec, rules: Rules) -> list[str]:
    value = rules[spec.key]
    kind = KINDS[spec.kind]
    said = str(value.value).lower() if isinstance(value.value, bool) else amount(value.value)
    return [
        f"`{spec.key}`",
        kind,
        spec.unit,
        said,
        "固定" if spec.only else _MODES[value.mode],
        value.basis,
        f"`{value.pack}`",
        spec.requirement,
        f"{spec.description}。{spec.only.why}" if spec.only else spec.description,
    ]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
