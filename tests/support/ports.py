"""Ports for servers that the tests start, and start again at the same place."""

from __future__ import annotations

import secrets
import socket

RANGE = range(20000, 32768)
"""Below what Linux hands out by itself: no connection of a test beside takes the port of a server that is away."""


def free_port() -> int:
    """One of this machine that nobody listens at."""
    for port in (secrets.choice(RANGE) for _ in RANGE):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError(RANGE)
