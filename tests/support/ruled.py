"""Rules with other values than the files say, for what the city's own measures lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shuangsui.draws.office import Office
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.schema import Scalar


def changed(rules: Rules, values: dict[str, Scalar]) -> Rules:
    """The same rules with other values."""
    return Rules(rules.on, {**rules.ladders, **{key: (replace(rules[key], value=values[key]),) for key in values}})


def ruled(monkeypatch: pytest.MonkeyPatch, values: dict[str, Scalar]) -> None:
    """From now on every authority works by these values."""
    filed = Office.rules

    def rules(office: Office, on: date) -> Rules:
        return changed(filed(office, on), values)

    monkeypatch.setattr(Office, "rules", rules)
