"""Compiled lanes for srd-1 (extra ``shuangsui[fast]``): the answers of the standard library, many times faster.

``fairdraw`` never imports it; whoever draws hands ``fairlanes.kernel`` over.
"""

from fairlanes.freezing import Registry, freeze, frozen
from fairlanes.tickets import kernel

__all__ = ["Registry", "freeze", "frozen", "kernel"]
