"""The public randomness beacon drand: a round fixed in the plan, its signature verified without asking anybody."""

from __future__ import annotations

from shuangsui import Context, EntropySource, hookimpl
from shuangsui_entropy_drand.options import Options
from shuangsui_entropy_drand.relay import Relays
from shuangsui_entropy_drand.source import Drand

__all__ = ["Options", "api", "register_entropy_sources"]

api = 1


@hookimpl
def register_entropy_sources(context: Context[Options]) -> list[EntropySource]:
    """One source, on the chain that the tenant chose."""
    options = context.options
    relays = Relays(tuple(address.rstrip("/") for address in options.relays), options.timeout_seconds)
    return [Drand(options.chosen, options.margin_seconds, relays)]
