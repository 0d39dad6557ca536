"""``tenants/README.md`` says what the product does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examples import examples
from shuangsui.rules import reference
from shuangsui.rules.entries import checked
from shuangsui.rules.keys import KEYS
from shuangsui.tenancy.annexes import caps, exemptions
from shuangsui.tenancy.document import parse, read
from shuangsui.tenancy.schema import Area, File, Oidc, RuleEntry, TenantFile
from shuangsui.tenancy.tree import stated

README = Path(__file__).parents[3] / "tenants" / "README.md"
TEXT = README.read_text(encoding="utf-8")
EXAMPLES = examples("tenants/README.md", "toml")


def test_readme_is_the_rendered_reference() -> None:
    """Regenerate with ``shuangsui config reference > tenants/README.md``."""
    assert reference.render() == TEXT


@pytest.mark.parametrize("model", [TenantFile, Area, Oidc, RuleEntry])
def test_every_setting_is_documented(model: type[File]) -> None:
    """A row per field, with a type and a description in every cell."""
    rows = {line.split("|")[1].strip(): line.split("|") for line in TEXT.splitlines() if line.startswith("| `")}
    assert not [name for name in model.model_fields if not all(cell.strip() for cell in rows[f"`{name}`"][1:-1])]


def test_every_rule_key_is_documented_once() -> None:
    """In the order of the table."""
    found = [key for key in re.findall(r"^\| `([a-z]+\.[a-z_]+)`", TEXT, re.MULTILINE) if key in KEYS]
    assert found == list(KEYS)


def test_examples_are_valid() -> None:
    """Every TOML block of the page can be copied."""
    tenant, witnesses, oidc, rules, cap, exemption = EXAMPLES
    assert read(parse(tenant.encode(), "example"), TenantFile).slug == "mouqu"
    (witness,) = read(parse(witnesses.encode(), "example"), TenantFile).outside_witnesses
    assert witness.address == "https://witness.example.org/mouqu"
    joined = read(parse(oidc.encode(), "example"), TenantFile).oidc
    assert joined
    assert joined.roles == {"jxw-zhifa": "lead_office", "jxw-lingdao": "leader"}
    (value,) = checked(stated(parse(rules.encode(), "example")), "mouqu")
    assert (value.value, value.basis) == (15, "某区经信发〔2026〕3号 第九条")
    assert [one.entry.per_year for one in caps(parse(cap.encode(), "example"))] == [1]
    assert [one.entry.code for one in exemptions(parse(exemption.encode(), "example"))] == ["complaint-special"]
