"""Rows of issued forms."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import TenantOwned


class IssuedDocument(TenantOwned, table=True):
    """文书: one content of a form under its number. Printing the same content again gives the same number."""

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "form", "subject", "content"),
        {"info": {"append_only": True}},
    )

    form: str = Field(max_length=32)
    subject: str = Field(max_length=64, description="number of the draw, the task or the request")
    number: str = Field(max_length=120, description="文号")
    content: str = Field(max_length=64, description="SHA-256 of what the form says, without its number")
    sha256: str = Field(max_length=64, description="of the PDF as it was issued")
    by: str = Field(max_length=64)
    at: datetime
