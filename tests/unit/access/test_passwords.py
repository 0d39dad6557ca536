"""How passwords are stored, and what comparing them costs a process."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from shuangsui.access import passwords
from shuangsui.access.profiles import Terms
from shuangsui.errors import BadInput


class Busy:
    """A hasher that says how many had it at work at once."""

    def __init__(self) -> None:
        self.now, self.most, self.lock = 0, 0, Lock()

    def hash(self, password: str) -> str:
        """Any password has this one."""
        return "stored"

    def verify(self, stored: str, _password: str) -> bool:
        """Takes its time."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self.lock:
            self.now -= 1
        return stored == "stored"


def test_a_few_passwords_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever else comes waits: each takes 64 MiB, and strangers decide how many come."""
    busy = Busy()
    monkeypatch.setattr(passwords, "_hasher", busy)
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda _: passwords.matches("stored", "x"), range(20)))
    assert busy.most == passwords.AT_ONCE


def test_a_password_costs_what_rfc_9106_asks_for_where_memory_is_scarce():
    """§4, second recommended option: Argon2id, 3 passes over 64 MiB in 4 lanes, 16 bytes of salt; none alike."""
    first, second = (passwords.hashed("Correct horse battery 1") for _ in range(2))
    kind, version, cost, salt, _ = first.removeprefix("$").split("$")
    assert (kind, version, cost, len(salt)) == ("argon2id", "v=19", "m=65536,t=3,p=4", 22)
    assert first != second
    assert (passwords.matches(first, "Correct horse battery 1"), passwords.matches(first, "correct")) == (True, False)


def test_a_one_time_password_is_known_by_its_form():
    """99 bits, none alike; nothing that differs from it in a sign is taken for one."""
    made = {passwords.one_time() for _ in range(50)}
    one = made.pop()
    assert (len(made), {passwords.is_one_time(other) for other in made}) == (49, {True})
    others = ["", one[:-1], f"{one}x", one.upper(), one.replace("-", " "), f" {one}", f"{one}\n", f"{one}-{one}"]
    assert [other for other in others if passwords.is_one_time(other)] == []


def test_an_own_password_has_not_the_form_of_one_that_is_given_out():
    """Once it is due for a change it would run out like one, and its owner could not sign in any more."""
    with pytest.raises(BadInput, match="password_as_given"):
        passwords.check_own(passwords.one_time(), Terms(), login="li", name="李")
