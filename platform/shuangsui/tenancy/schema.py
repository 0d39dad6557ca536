"""What ``tenant.toml`` and ``rules.toml`` may hold. Every model refuses unknown keys and converts nothing silently."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, Strict
from pydantic_core import PydanticCustomError

from fairdraw.checkpoint import read_trust

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Strict(False)]
"""A TOML array kept as a tuple."""

Mode = Literal["floor", "ceiling", "locked", "free"]
Scalar = int | bool | str | tuple[str, ...] | tuple[int, ...]
"""What one configured value can be; the key table of ``rules`` says which of these a key takes."""


def bad(problem: str) -> PydanticCustomError:
    """A fault with its Chinese sentence, raised from inside a model."""
    return PydanticCustomError("value_invalid", "{problem}", {"problem": problem})


def _matching(pattern: str, problem: str) -> AfterValidator:
    wanted = re.compile(pattern)

    def check(value: str) -> str:
        if not wanted.fullmatch(value):
            raise bad(problem)
        return value

    return AfterValidator(check)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise bad("同一项写了两次")
    return values


def _scalar(value: Any) -> Scalar:
    """Whole numbers, switches, texts, and lists of texts or of whole numbers; nothing else."""
    kinds = {type(item) for item in value} if isinstance(value, list) else {type(value)}
    if kinds in ({int}, {str}, set()):
        return tuple(value) if isinstance(value, list) else cast("Scalar", value)
    if isinstance(value, bool):
        return value
    raise bad("应为整数、true 或 false、文字，或由同一种文字、整数组成的列表")


Slug = Annotated[str, _matching(r"[a-z][a-z0-9]{1,31}", "代码只用小写字母和数字，以字母开头，2 至 32 位")]
Name = Annotated[str, _matching(r"[a-z][a-z0-9-]{1,63}", "名称只用小写字母、数字和连字符，以字母开头")]
Text = Annotated[str, _matching(r"[^\x00-\x1f\x7f]{1,200}", "应为 1 至 200 字的一行文字")]
Domain = Annotated[str, _matching(r"[a-z0-9]+([.-][a-z0-9]+)*", "应为小写域名，不带 https 和斜杠")]
Title = Annotated[str, _matching(r"([^{}\x00-\x1f\x7f]|\{name\}|\{short\}){1,200}", "花括号里只能是 name 或 short")]
AreaCode = Annotated[str, _matching(r"\d{6}", "行政区划代码是加引号的 6 位数字")]
CreditCode = Annotated[str, _matching(r"([0-9A-HJ-NPQRTUWXY]{18})?", "应为 18 位统一社会信用代码")]
Clock = Annotated[str, _matching(r"([01]\d|2[0-3]):[0-5]\d", "应为加引号的 24 小时制时刻，例如 08:30")]
Year = Annotated[int, Field(ge=1949, le=2999)]
Value = Annotated[Scalar, PlainValidator(_scalar)]
Names = Annotated[tuple[Name, ...], Strict(False), AfterValidator(_distinct)]
Slugs = Annotated[tuple[Slug, ...], Strict(False), AfterValidator(_distinct)]


class File(BaseModel):
    """Base of every configuration file: unknown keys refused, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Area(File):
    """One area code GB/T 2260 of a tenant and the years in which it is valid; an attribute, never a key."""

    code: AreaCode = Field(title="6 位数字", description="行政区划代码（GB/T 2260）")
    name: Text = Field(title="文字", description="区划名称")
    valid_from: Year = Field(title="年份", description="启用年份")
    valid_to: Year | None = Field(None, title="年份", description="停用年份（含该年）；不写表示仍在使用")

    def overlaps(self, other: Area) -> bool:
        """Whether both are the same code in some common year."""
        ends = (self.valid_to or 9999, other.valid_to or 9999)
        return self.code == other.code and max(self.valid_from, other.valid_from) <= min(ends)


RoleName = Literal[
    "lead_office", "business_office", "inspection_office", "leader", "inspector", "expert", "supervisor",
    "system_admin", "security_admin", "audit_admin",
]  # fmt: skip
"""The roles of :mod:`shuangsui.access.policy`, which stands above this file; a test compares both."""
Variable = Annotated[str, _matching(r"SHUANGSUI_[A-Z0-9_]{1,64}", "应以 SHUANGSUI_ 开头，只用大写字母、数字和下划线")]
Issuer = Annotated[
    str,
    _matching(
        r"https://[^\s?#]{1,200}[^\s?#/]|http://(127\.0\.0\.1|localhost):\d{1,5}",
        "应为 https 地址，不带问号、井号和末尾的斜杠",
    ),
]


class Oidc(File):
    """The authority's own sign-in server (OpenID Connect), and what its claims mean here."""

    issuer: Issuer = Field(title="网址", description="统一认证服务器的 issuer，与其发现文件中的完全一致")
    client_id: Text = Field(title="文字", description="本平台在统一认证服务器登记的 client_id")
    secret_env: Variable | None = Field(
        None, title="变量名", description="存放 client_secret 的环境变量；密钥不写在文件里，不写则为公开客户端"
    )
    login_claim: Text = Field("preferred_username", title="文字", description="哪一项声明是登录名")
    name_claim: Text = Field("name", title="文字", description="哪一项声明是姓名")
    roles_claim: Text = Field("groups", title="文字", description="哪一项声明列出角色或用户组")
    roles: dict[Text, RoleName] = Field(
        title="表", description="声明的值 = 本平台的角色；每次登录按声明授予和撤销表中列出的角色，其他角色不动"
    )


def _vkey(value: str) -> str:
    problem = bad("应为见证方的公钥（vkey）：名称+编号+公钥，请向见证方索取")
    try:
        found = read_trust(f"witness {value}\n").witnesses
    except ValueError:
        raise problem from None
    if len(found) != 1:
        raise problem
    return value


class OutsideWitness(File):
    """A witness of another installation or another operator, as this authority knows it."""

    address: Issuer = Field(
        title="网址", description="见证方公布检查点的网址（C2SP tlog-witness 的 monitoring prefix），不带末尾的斜杠"
    )
    key: Annotated[str, AfterValidator(_vkey)] = Field(title="公钥", description="见证方的公钥（vkey）")


class TenantFile(File):
    """``tenant.toml``; what a folder leaves out it takes from the folder above, where the table says 继承."""

    slug: Slug = Field(title="代码", description="租户代码，与文件夹同名，永不更改")
    name: Text = Field(title="文字", description="机关全称")
    short: Text = Field(title="文字", description="机关简称")
    areas: Many[Area] = Field((), title="表的列表", description="行政区划代码及其有效年份；没有国标代码的开发区不写")
    packs: Names | None = Field(
        None,
        title="名称列表",
        description="采用的规则包；自己列出的约束自己，继承来的只作默认值；空列表表示都不采用",
    )
    plugins: Names | None = Field(None, title="名称列表", description="启用的插件，按此顺序调用；空列表表示全部停用")
    witnesses: Slugs = Field(
        (), title="代码列表", description="为本租户抽取日志检查点会签的租户，不能是自己；不写则抽取无见证"
    )
    outside_witnesses: Many[OutsideWitness] = Field(
        (),
        title="表的列表",
        description="本平台之外的见证方，见 outside_witnesses；服务启动时问它们最后会签到哪里，发现数据库是旧备份",
    )
    holidays: Many[date] = Field(
        (), title="日期列表", description="本机关另有的放假日，例如民族自治地方的节日；不计入工作日"
    )
    credit_code: CreditCode = Field("", title="18 位代码", description="本机关的统一社会信用代码；报送到有的系统时必填")
    public_numbers: Many[Text] = Field(
        (),
        title="文字列表",
        description="本机关对外公开的电话、邮箱和账号；公示内容里有这些不算个人信息，无障碍声明列出它们",
    )
    log_domain: Domain | None = Field(
        None, title="域名", description="抽取日志来源名的前半，后半是租户代码；日志启用后不得更改"
    )
    portal_title: Title | None = Field(
        None, title="文字", description="公示网站的标题，{name} 代表机关全称，{short} 代表简称"
    )
    digest_at: Clock | None = Field(
        None, title="时刻", description="工作日几点发送当日提醒的汇总通知，北京时间；都不写则为 08:40"
    )
    passwords: Literal["dengbao3", "asvs"] | None = Field(
        None,
        title="名称",
        description="口令要求：dengbao3 等级保护三级（默认），长度、字符种类、90 天更换、不重复；"
        "asvs OWASP ASVS，长度 12 以上，不限种类，不定期更换",
    )
    second_factor: Literal["required", "voluntary"] | None = Field(
        None,
        title="名称",
        description="第二因素（动态验证码）：required 三类管理员必须使用，dengbao3 时委领导也必须（默认）；"
        "voluntary 由各人自定，只用于演示和培训",
    )
    retention_days: Annotated[int, Field(ge=180, le=36500)] | None = Field(
        None,
        title="整数",
        description="结束的登录、到期的接口令牌等记录保留多少日，不得少于 180；都不写则为 365。台账和抽取日志永久保留",
    )
    archive_years: Annotated[int, Field(ge=10, le=100)] | None = Field(
        None,
        title="整数",
        description="机关撤并后，案卷和台账在本系统保管多少年才可以删除，不得少于 10；都不写则为 30。"
        "备份文件另按档案规定保管",
    )
    oidc: Oidc | None = Field(None, title="表", description="本机关的统一认证登录，见 oidc；不写则只用口令登录")
    options: dict[Name, dict[str, Value]] = Field(
        default_factory=dict, title="表", description="各插件的选项，逐项继承；口令不写在这里"
    )


class RuleEntry(File):
    """One ``[[rule]]`` of a rule pack or of a tenant's ``rules.toml``."""

    key: str = Field(title="键", description="规则键，见下面的规则表")
    value: Value = Field(title="依键而定", description="取值")
    article: Text = Field(title="文字", description="所依据的条款，例如“第十四条”")
    mode: Mode = Field(
        "free", title="方式", description="floor 下限、ceiling 上限、locked 锁定、free 可改；约束本文件之后的各层"
    )
    own_basis: Text | None = Field(None, title="文号", description="本级文件的文号；放宽上级办法的默认值时必须写明")
    valid_from: date | None = Field(None, title="日期", description="自该日起施行；不写表示随文件")
    valid_to: date | None = Field(None, title="日期", description="施行至该日（含）；不写表示无期限")
    text: Text | None = Field(None, title="文字", description="条款原文或说明")


class RulesFile(File):
    """``rules.toml``: only what differs from the layers above."""

    rule: Many[RuleEntry] = ()
