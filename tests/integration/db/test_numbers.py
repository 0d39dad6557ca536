"""Numbers of documents: gapless per tenant."""

from __future__ import annotations

import pytest

from shuangsui.db import last_number, next_number


def test_numbers_count_per_tenant_and_name(scope):
    """Each tenant and each name has its own sequence, from 1."""
    with scope("chongqing") as session:
        assert [next_number(session, "plan") for _ in range(3)] == [1, 2, 3]
        assert next_number(session, "draw") == 1
    with scope("liangjiang") as session:
        assert next_number(session, "plan") == 1


def test_number_of_a_rolled_back_transaction_is_given_again(scope):
    """An error leaves no gap."""
    with pytest.raises(ZeroDivisionError):
        _number_and_fail(scope)
    with scope("chongqing") as session:
        assert (last_number(session, "plan"), next_number(session, "plan")) == (0, 1)


def _number_and_fail(scope) -> None:
    with scope("chongqing") as session:
        next_number(session, "plan")
        raise ZeroDivisionError
