"""The queue between relay and workers: RabbitMQ, Redis, or none but this process.

A message is a hint: tenant and row. Dramatiq's retries are off, because a row keeps its own (decision 0013).
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware, ShutdownNotifications, TimeLimit

from shuangsui.errors import Misconfigured

QUEUES = {True: "shuangsui.awaited", False: "shuangsui"}
"""By whether somebody waits for the work: hundreds of notices are no reason to publish late."""
LIMIT = 15 * 60 * 1000
"""Milliseconds after which a job is interrupted."""
HEARTBEAT, MAINTENANCE = 5000, 30
"""Redis: milliseconds after which a silent worker's messages are taken back, and how often per cent one looks."""


def broker_for(url: str | None) -> dramatiq.Broker:
    """The broker of a setting; without one messages stay in this process. :class:`Misconfigured` ``broker_unknown``."""
    middleware: list[Middleware] = [TimeLimit(time_limit=LIMIT), ShutdownNotifications()]
    if url is None:
        return StubBroker(middleware=middleware)
    if url.startswith(("amqp://", "amqps://")):
        return RabbitmqBroker(url=url, confirm_delivery=True, middleware=middleware)
    if url.startswith(("redis://", "rediss://")):
        redis: Callable[..., dramatiq.Broker] = RedisBroker
        return redis(url=url, heartbeat_timeout=HEARTBEAT, maintenance_chance=MAINTENANCE, middleware=middleware)
    raise Misconfigured("broker_unknown", url=url.split("://")[0])


def bind(broker: dramatiq.Broker, run: Callable[[str, UUID], bool]) -> Callable[[str, UUID, bool], None]:
    """Let messages of the broker run rows; what sends such a message: tenant, row, whether somebody waits for it."""

    def run_row(tenant: str, row: str) -> None:
        run(tenant, UUID(row))

    actors = {
        awaited: dramatiq.actor(actor_name=queue, queue_name=queue, priority=int(not awaited), broker=broker)(run_row)
        for awaited, queue in QUEUES.items()
    }

    def send(tenant: str, row: UUID, awaited: bool) -> None:
        actors[awaited].send(tenant, str(row))

    return send
