"""The process's environment, read once into one frozen class."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = IPv4Network | IPv6Network


def networks_of(text: str) -> tuple[Network, ...]:
    """``10.0.0.1, 192.168.0.0/24``; :class:`ValueError` for anything else."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


PREFIX = "SHUANGSUI_"


class Settings(BaseSettings):
    """Where this process keeps things and which services it uses; ``SHUANGSUI_*`` variables."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    var: Path = Field(Path("var"), description="folder of the embedded installation")
    tenants: Path = Field(Path("tenants"), description="the tree of tenant folders")
    database_url: str | None = Field(None, description="PostgreSQL as the application role; default: SQLite in var")
    worker_database_url: str | None = Field(None, description="PostgreSQL as the worker's role; default: database_url")
    migration_url: str | None = Field(None, description="PostgreSQL as the owner of the tables, for migrations only")
    backup_url: str | None = Field(None, description="PostgreSQL as a role that reads every row, for backups only")
    key_file: Path | None = Field(None, description="master key that seals secrets; default: var/keys/master.key")
    broker_url: str | None = Field(None, description="amqp:// or redis:// for jobs; default: inside the web process")
    simulated_clock: bool = Field(False, description="let tests and drills move the clock; shown on every page")
    plugins: str | None = Field(None, description="comma-separated allow-list of plugins; default: every installed one")
    plugins_denied: str = Field("", description="comma-separated deny-list of plugins, which overrules the allow-list")
    trace_plugins: bool = Field(False, description="log every call into a plugin, its duration, the answer's kind")
    metrics_token: SecretStr | None = Field(None, description="token of a Prometheus; without it there is no /metrics")
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="where a worker answers /livez and, with a token, /metrics; default: nowhere"
    )
    otlp_endpoint: str | None = Field(None, description="collector of traces, http://host:4318; default: none")
    evidence_max_bytes: int = Field(20 << 20, gt=0, description="largest file that is taken as evidence")
    evidence_types: str = Field(
        "image/jpeg,image/png,image/webp,application/pdf", description="comma-separated media types of evidence"
    )

    trusted_proxies: str = Field(
        "", description="comma-separated addresses or networks of proxies whose X-Forwarded-Proto and -For are believed"
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        """A slip here would let anybody claim to come by https: the process does not start."""
        networks_of(value)
        return value

    def admits(self, authorization: str) -> bool:
        """Whether a header ``Authorization`` shows the token of a Prometheus; never without one in the settings."""
        given, wanted = authorization.removeprefix("Bearer "), self.metrics_token
        return wanted is not None and hmac.compare_digest(given.encode(), wanted.get_secret_value().encode())

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Whom to believe where a request comes from."""
        return networks_of(self.trusted_proxies)

    @property
    def database(self) -> str:
        """The URL of the application's database."""
        return self.database_url or f"sqlite:///{self.var.resolve() / 'shuangsui.db'}"

    @property
    def as_worker(self) -> Settings:
        """The same for the worker, which reaches the database under a role of its own."""
        return self.model_copy(update={"database_url": self.worker_database_url or self.database_url})

    @property
    def master_key(self) -> Path:
        """The file of the key that seals what the database must not know."""
        return self.key_file or self.var / "keys" / "master.key"

    @property
    def public(self) -> Path:
        """Root of the static public tree."""
        return self.var / "public"

    @property
    def evidence(self) -> Path:
        """Root of the files of evidence, one folder per tenant."""
        return self.var / "evidence"

    @property
    def uploads(self) -> Path:
        """Root of the files that are about to be taken in, one folder per tenant; for web and worker alike."""
        return self.var / "uploads"


def variables() -> frozenset[str]:
    """The names of all of them, in capitals."""
    return frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def from_environment() -> Settings:
    """This process's settings; read anew only when its environment is another one, since reading takes milliseconds."""
    return _read(frozenset((name, value) for name, value in os.environ.items() if name.upper().startswith(PREFIX)))


@lru_cache(maxsize=1)
def _read(_variables: frozenset[tuple[str, str]]) -> Settings:
    return Settings()
