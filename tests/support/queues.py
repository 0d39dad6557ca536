"""A real RabbitMQ and a real Redis, each a process of the test run's own on a free port, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import dramatiq

from ports import free_port
from shuangsui.worker.brokers import broker_for

PROGRAMS = {"amqp": "/usr/lib/rabbitmq/bin/rabbitmq-server", "redis": "redis-server"}
"""RabbitMQ without Debian's wrapper, which would run it as another user."""
PATIENCE = 120


@dataclass
class Queue:
    """One message queue; what it was told is gone when it is stopped."""

    scheme: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def said(self) -> Path:
        return self.folder / "said.log"

    def start(self) -> None:
        """Until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        environment, command = self._rabbitmq() if self.scheme == "amqp" else ({}, self._redis())
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                command, env=os.environ | environment, cwd=self.folder, start_new_session=True,
                stdout=said, stderr=said,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            alive = self.process.poll() is None and time.monotonic() < deadline
            assert alive, self._why()
            time.sleep(0.2)

    def stop(self) -> None:
        """At once, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _rabbitmq(self) -> tuple[dict[str, str], list[str]]:
        node = f"test{self.port}@localhost"
        configuration = self.folder / "rabbitmq.conf"
        configuration.write_text(f"listeners.tcp.default = 127.0.0.1:{self.port}\ndisk_free_limit.absolute = 50MB\n")
        told = {
            "NODENAME": node, "MNESIA_BASE": str(self.folder), "LOG_BASE": str(self.folder),
            "DIST_PORT": str(free_port()), "CONFIG_FILE": str(configuration), "ENABLED_PLUGINS_FILE": "/dev/null",
        }  # fmt: skip
        environment = {f"RABBITMQ_{name}": value for name, value in told.items()} | {"HOME": str(self.folder)}
        return environment, [PROGRAMS["amqp"]]

    def _redis(self) -> list[str]:
        return [PROGRAMS["redis"], "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def _why(self) -> str:
        return f"{self.scheme} does not answer at {self.port}\n{self.said.read_text('utf-8', 'replace')[-2000:]}"

    def _answers(self) -> bool:
        broker: dramatiq.Broker = broker_for(self.url)
        try:
            broker.declare_queue("probe")
            broker.flush("probe")
        except Exception:  # noqa: BLE001 - each library has its own errors for "not yet"
            return False
        finally:
            broker.close()
        return True


def missing(scheme: str) -> bool:
    """Whether the program is not installed."""
    return shutil.which(PROGRAMS[scheme]) is None
