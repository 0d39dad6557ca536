"""How passwords are stored."""

from __future__ import annotations

from shuangsui.access import passwords


def test_a_password_costs_what_rfc_9106_asks_for_where_memory_is_scarce():
    """§4, second recommended option: Argon2id, 3 passes over 64 MiB in 4 lanes, 16 bytes of salt; none alike."""
    first, second = (passwords.hashed("Correct horse battery 1") for _ in range(2))
    kind, version, cost, salt, _ = first.removeprefix("$").split("$")
    assert (kind, version, cost, len(salt)) == ("argon2id", "v=19", "m=65536,t=3,p=4", 22)
    assert first != second
    assert (passwords.matches(first, "Correct horse battery 1"), passwords.matches(first, "correct")) == (True, False)
