"""One authority's sealed texts: sealed under the current key of its first store, opened under whichever key they name.

Without a key store of a plugin the keys are derived from the master key of the installation. A vault lives as long as
a request or a piece of work and asks each store for each key once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

from shuangsui.db import Sealed
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent, LoadedKeyStore
from shuangsui.ledger.keys import Keyring, Sealer
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant
from shuangsui.vault.policy import OWN, KeyName, Place, is_plain, read, written

Found = Sequence[LoadedKeyStore | Absent]
Sealing = Callable[[Place], Sealed]
"""A text on its way into a row: sealed once the row is known."""


class Vault:
    """Seals and opens; a store that is away is :class:`OutsideFailed` ``key_store_away`` where something is opened."""

    def __init__(self, tenant: str, keyring: Keyring, find: Callable[[], Found]) -> None:
        """``find`` is called at the first need: most requests open nothing."""
        self._tenant, self._keyring, self._find = tenant, keyring, find
        self._stores: Found | None = None
        self._current: KeyName | None = None
        self._sealers: dict[tuple[KeyName, str], Sealer] = {}

    @classmethod
    def of(cls, tenant: Tenant, keyring: Keyring, settings: Settings | None = None) -> Vault:
        """With the key stores of the tenant's plugins."""
        return cls(tenant.slug, keyring, partial(service.key_stores, tenant, settings))

    def __repr__(self) -> str:
        """Without any key."""
        return f"Vault({self._tenant})"

    def seal(self, text: str, place: Place) -> Sealed:
        """Under the current key; :class:`OutsideFailed` ``key_store_away`` if that cannot be had."""
        key = self.current()
        sealed = self._sealer(key, place.purpose).seal(text.encode(), *place.names(self._tenant, key))
        return written(key, sealed)

    def sealing(self, text: str) -> Sealing:
        """Seals ``text`` wherever it will stand."""
        return partial(self.seal, text)

    def open(self, sealed: Sealed, place: Place) -> str:
        """The text; one of an earlier version that is still plain is answered as it is.

        :class:`OutsideFailed` ``key_store_away`` or ``key_store_missing``, :class:`Misconfigured` ``sealed_broken``
        for a text that was changed, or was sealed for another place.
        """
        if is_plain(sealed):
            return sealed.text
        key, ciphertext = read(sealed)
        found = self._sealer(key, place.purpose).open(ciphertext, *place.names(self._tenant, key))
        if found is None:
            raise Misconfigured("sealed_broken", store=key.store, key=key.key)
        return found.decode()

    def renewed(self, sealed: Sealed, place: Place) -> Sealed | None:
        """The same text under the current key; None if it is already. Errors as of :meth:`open` and :meth:`seal`."""
        if not is_plain(sealed) and read(sealed)[0] == self.current():
            return None
        return self.seal(self.open(sealed, place), place)

    def current(self) -> KeyName:
        """Under which key the next text is sealed."""
        if self._current is None:
            self._current = self._first()
        return self._current

    def try_key(self, key: KeyName) -> None:
        """Whether what names ``key`` could be opened; the errors of :meth:`open`."""
        self._sealer(key, "check")

    def stores(self) -> Found:
        """The stores of the tenant's plugins, in its order."""
        if self._stores is None:
            self._stores = self._find()
        return self._stores

    def _first(self) -> KeyName:
        for one in self.stores():
            if isinstance(one, Absent):
                raise away(one.plugin, one.error)
            try:
                if key := one.current():
                    return KeyName(one.place, key)
            except OutsideFailed as error:
                raise away(one.place, error) from error
        return KeyName(OWN, self._own_id())

    def _sealer(self, key: KeyName, purpose: str) -> Sealer:
        if (key, purpose) not in self._sealers:
            self._sealers[key, purpose] = Sealer(self._key(key, purpose))
        return self._sealers[key, purpose]

    def _key(self, key: KeyName, purpose: str) -> bytes:
        if key.store == OWN:
            if key.key != self._own_id():
                raise OutsideFailed("key_store_other_master", permanent=True)
            return self._keyring.derive(f"vault/{self._tenant}/{purpose}")
        for one in self.stores():
            if isinstance(one, Absent) and key.store.startswith(f"{one.plugin}/"):
                raise away(key.store, one.error)
            if isinstance(one, LoadedKeyStore) and one.place == key.store:
                try:
                    return one.derive(key.key, purpose)
                except OutsideFailed as error:
                    raise away(key.store, error) from error
        raise OutsideFailed("key_store_missing", permanent=True, store=key.store, plugin=key.store.partition("/")[0])

    def _own_id(self) -> str:
        """Tells one master key from another."""
        return sha256(self._keyring.derive("vault")).hexdigest()[:16]


def away(store: str, error: OutsideFailed) -> OutsideFailed:
    """One error for whatever keeps a store from its keys."""
    problem = error.params.get("reason") or error.params.get("problem") or "没有应答"
    return OutsideFailed("key_store_away", permanent=error.permanent, store=store, problem=problem)
