"""Rows of the four registries 名录库 (第六条), of the files they came from, and of every change (R6.5).

A registry holds what is in it now; a removed row lives on in :class:`RegistryChange` only.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers


class ObjectStatus(StrEnum):
    """存续 · 注销 · 吊销 · 撤销 · 迁出"""

    ACTIVE = "active"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    MOVED = "moved"


class InspectorStatus(StrEnum):
    """在岗 · 离岗 · 停用"""

    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"
    DISABLED = "disabled"


class ExpertStatus(StrEnum):
    """在库 · 停用"""

    ACTIVE = "active"
    DISABLED = "disabled"


class PersonKind(StrEnum):
    """执法检查人员 · 专家"""

    INSPECTOR = "inspector"
    EXPERT = "expert"


class Relation(StrEnum):
    """任职 · 持股 · 近亲属 · 曾任职 · 其他"""

    EMPLOYMENT = "employment"
    SHAREHOLDING = "shareholding"
    KINSHIP = "kinship"
    FORMER_EMPLOYMENT = "former_employment"
    OTHER = "other"


class ChangeKind(StrEnum):
    """What an import did to one row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class DecisionKind(StrEnum):
    """行政处罚 · 行政许可"""

    PENALTY = "penalty"
    LICENCE = "licence"


class PartyKind(StrEnum):
    """法人及非法人组织 · 个体工商户; other natural persons are no inspection objects"""

    ORGANISATION = "organisation"
    SOLE_OWNER = "sole_owner"


class DecisionStatus(StrEnum):
    """正常 · 撤销"""

    VALID = "valid"
    ANNULLED = "annulled"


class UploadState(StrEnum):
    """待对应各列 · 正在核对 · 不能导入 · 可以导入 · 正在写入 · 已经导入"""

    COLUMNS = "columns"
    CHECKING = "checking"
    REFUSED = "refused"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"


class RegistryImport(TenantOwned, table=True):
    """One file taken in: when, by whom, which bytes, to what effect. One without changes counts too (R6.4).

    ``feed``, ``day`` and ``mark`` stand where a registry feed or an expert pool handed it over: whose state of which
    day it is.
    """

    __tablename__ = "registry_import"
    __table_args__ = (Index("ix_registry_import_kind", "tenant_id", "kind", "at"),)

    kind: str = Field(max_length=16)
    at: datetime
    actor: str = Field(max_length=64)
    source: str = Field(max_length=255, description="name of the file")
    sha256: str = Field(max_length=64)
    partial: bool = False
    rows: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    feed: str | None = Field(default=None, max_length=128, description="plugin/name of the feed or pool")
    day: date | None = None
    mark: str | None = Field(default=None, max_length=500)


class RegistryChange(TenantOwned, table=True):
    """What one import did to one row: all columns before and after."""

    __tablename__ = "registry_change"
    __table_args__ = (
        refers("import_id", "registry_import"),
        Index("ix_registry_change_import_id", "tenant_id", "import_id"),
        Index("ix_registry_change_key", "tenant_id", "kind", "key"),
        {"info": {"append_only": True}},
    )

    import_id: UUID
    kind: str = Field(max_length=16)
    key: str = Field(max_length=128)
    change: ChangeKind = Field(sa_type=choice(ChangeKind))
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)


class RegistryUpload(TenantOwned, table=True):
    """A file on its way in through the pages; its bytes lie in the folder of uploads (:mod:`.uploads`).

    ``heads``: its sheets (:class:`.heads.Head`) · ``names``: what a person said of its columns beyond our guess, which
    the next file of the registry is read by too · ``outcome``: of the check, then of the import (:mod:`.outcomes`) ·
    ``seen``: the registry's newest import at the time of the check: what was found is true as long as it is.
    """

    __tablename__ = "registry_upload"
    __table_args__ = (Index("ix_registry_upload_kind", "tenant_id", "kind", "at"),)

    kind: str = Field(max_length=16)
    at: datetime
    by: str = Field(max_length=64)
    name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    size: int = Field(description="bytes")
    state: UploadState = Field(default=UploadState.COLUMNS, sa_type=choice(UploadState))
    sheet: str = Field(default="", max_length=100)
    partial: bool = False
    heads: list[dict[str, Any]] = Field(sa_type=Json)
    names: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seen: UUID | None = None
    confirmed_by: str | None = Field(default=None, max_length=64)


class Kept(TenantOwned):
    """What every row that comes from a file has."""

    import_id: UUID = Field(description="the import that last added or changed the row")
    fingerprint: str = Field(max_length=32, description="of the content: what the next import compares")


class InspectionObject(Kept, table=True):
    """检查对象. ``items``: codes of the items it belongs to (R6.1); ``flags``: its bad records (R10.4, R10.5)."""

    __tablename__ = "inspection_object"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        refers("import_id", "registry_import"),
        Index("ix_inspection_object_name", "tenant_id", "name", "code"),
        Index("ix_inspection_object_district", "tenant_id", "district", "code"),
    )

    code: str = Field(max_length=18, description="统一社会信用代码, or a registration number of 15 digits")
    name: str = Field(max_length=200)
    district: str | None = Field(default=None, max_length=100)
    address: str | None = Field(default=None, max_length=400)
    gate: str | None = Field(default=None, max_length=1, description="GB/T 4754 门类")
    industry: str | None = Field(default=None, max_length=4, description="GB/T 4754, four digits")
    risk_class: str | None = Field(default=None, max_length=1)
    items: list[str] = Field(sa_type=Json)
    flags: list[dict[str, str | None]] = Field(sa_type=Json, description="kind, source, since, until; ISO dates")
    status: ObjectStatus = Field(sa_type=choice(ObjectStatus))


class Inspector(Kept, table=True):
    """执法检查人员 with their certificate (R6.2)."""

    __tablename__ = "inspector"
    __table_args__ = (UniqueConstraint("tenant_id", "cert_no"), refers("import_id", "registry_import"))

    cert_no: str = Field(max_length=32)
    name: str = Field(max_length=100)
    office: str = Field(max_length=200)
    quals: list[str] = Field(sa_type=Json)
    lead: bool
    valid_from: date | None = None
    valid_to: date
    status: InspectorStatus = Field(sa_type=choice(InspectorStatus))
    post: str | None = Field(default=None, max_length=100, description="岗位, what rules of eligibility name (R6.3)")


class Expert(Kept, table=True):
    """专家; only the neutral number is ever published.

    ``pool`` is the expert pool that a row was pulled from, empty for the own registry. A number stands for one person
    whatever the pool, and somebody who left a pulled pool stays here as disabled.
    """

    __tablename__ = "expert"
    __table_args__ = (UniqueConstraint("tenant_id", "expert_no"), refers("import_id", "registry_import"))

    expert_no: str = Field(max_length=32)
    name: str = Field(max_length=100)
    quals: list[str] = Field(sa_type=Json)
    employer: str | None = Field(default=None, max_length=200)
    valid_to: date | None = None
    status: ExpertStatus = Field(sa_type=choice(ExpertStatus))
    pool: str = Field(default="", max_length=128, sa_column_kwargs={"server_default": ""})


class Interest(Kept, table=True):
    """利害关系 (第九条). ``key`` joins what identifies it: person, object, relation and first day."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("tenant_id", "key"), refers("import_id", "registry_import"))

    key: str = Field(max_length=128)
    person_kind: PersonKind = Field(sa_type=choice(PersonKind))
    person_no: str = Field(max_length=32)
    object_code: str = Field(max_length=18)
    relation: Relation = Field(sa_type=choice(Relation))
    since: date | None = None
    until: date | None = None
    source: str | None = Field(default=None, max_length=200)


class Decision(Kept, table=True):
    """行政处罚决定 or 行政许可决定 as its maker wrote it (双公示, data-standards 6); never a mere finding.

    A later file corrects it under the same number; what it said before stays in :class:`RegistryChange`. One that a
    file does not name stays. ``lead``: task and finding, with a slash between, whose transfer it answers (R15.4).
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("tenant_id", "number"), refers("import_id", "registry_import"))

    number: str = Field(max_length=100, description="决定书文号")
    kind: DecisionKind = Field(sa_type=choice(DecisionKind))
    name: str = Field(max_length=500)
    object_name: str = Field(max_length=200)
    object_code: str = Field(max_length=18)
    object_kind: PartyKind = Field(sa_type=choice(PartyKind))
    category: str = Field(max_length=200)
    content: str = Field(max_length=4096)
    decided_on: date
    valid_until: date | None = None
    shown_until: date | None = Field(default=None, description="公示截止期")
    maker: str = Field(max_length=128)
    maker_code: str = Field(max_length=18)
    source: str = Field(default="", max_length=128, description="empty: the maker")
    source_code: str = Field(default="", max_length=18)
    violation: str = Field(default="", max_length=2000)
    facts: str = Field(default="", max_length=10_000)
    basis: str = Field(default="", max_length=10_000)
    fine: str | None = Field(default=None, max_length=16, description="万元, exact decimal digits")
    confiscated: str | None = Field(default=None, max_length=16, description="the same")
    revoked: str = Field(default="", max_length=1000)
    certificate: str = Field(default="", max_length=200)
    remark: str = Field(default="", max_length=1000)
    status: DecisionStatus = Field(sa_type=choice(DecisionStatus))
    reason: str = Field(default="", max_length=500, description="why it was annulled")
    lead: str = Field(default="", max_length=64)
