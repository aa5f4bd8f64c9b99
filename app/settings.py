"""Frozen settings by concern, read from ``ENTREFLUX_…`` variables.

Every group has its own prefix: ``ENTREFLUX_DATABASE_URL`` is ``Database.url``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MASK = "••••••"


def data_folder() -> Path:
    """Return the user's data folder, created when missing."""
    return user_data_path("entreflux", appauthor=False, ensure_exists=True)


def default_database_url() -> str:
    """Return the address of the SQLite file in the user's data folder."""
    return f"sqlite:///{data_folder() / 'entreflux.sqlite'}"


class Group(BaseSettings):
    """What every group shares: frozen, and deaf to variables it does not know."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(frozen=True, extra="ignore")


class Database(Group):
    """Where rows are kept."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_DATABASE_")

    url: str = Field(
        default_factory=default_database_url,
        description="sqlite:///file or postgresql+psycopg://user:password@host/name (PostGIS)",
        json_schema_extra={"secret": True},
    )
    busy_timeout_s: float = Field(
        default=30.0, gt=0, description="How long a writer waits for another one (SQLite)"
    )
    pool_size: int = Field(default=10, ge=1, description="Connections kept open (PostGIS)")
    echo: bool = Field(default=False, description="Log every statement")


class Web(Group):
    """How the server answers."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_WEB_")

    secure_cookies: bool = Field(
        default=False, description="Send cookies over HTTPS only: true behind a TLS proxy"
    )
    session_hours: float = Field(default=12.0, gt=0, description="Life of a web session, in hours")
    max_upload_bytes: int = Field(
        default=32 * 1024 * 1024, gt=0, description="Largest file an import takes, in bytes"
    )
    large_upload_bytes: int = Field(
        default=2 * 1024 * 1024,
        gt=0,
        description="Files larger than this are imported in the background, in bytes",
    )
    password_memory_kib: int = Field(
        default=65536, ge=32, description="Argon2 memory a password hash, in KiB"
    )
    password_passes: int = Field(default=3, ge=1, description="Argon2 passes a password hash")
    tiles_url: str = Field(
        default="", description="Map style or tiles; empty: the built-in background, no internet"
    )
    tiles_attribution: str = Field(default="", description="What the map must credit when tiles_url is set")


class Geocoding(Group):
    """How addresses become points."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_GEOCODING_")

    url: str = Field(
        default="", description="Address search service; empty: the built-in commune centres, no internet"
    )
    timeout_s: float = Field(default=5.0, gt=0, description="How long to wait for the address service")


class Register(Group):
    """How a SIRET becomes a name, an activity and a place."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_REGISTER_")

    url: str = Field(
        default="",
        description="Business search service, such as https://recherche-entreprises.api.gouv.fr/search; "
        "empty: no internet, one types what the SIRET would have filled in",
    )
    timeout_s: float = Field(
        default=5.0, gt=0, description="How long to wait for the business search service"
    )


class Matching(Group):
    """Bounds of what one request computes."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_MATCHING_")

    preview_top: int = Field(default=20, ge=1, le=200, description="Matches shown for one flow")
    directory: str = Field(
        default="",
        description="CSV of real sites (name, siret, naf, lon, lat) to look for outlets in; empty: none",
    )
    directory_km: float = Field(default=50.0, gt=0, description="How far around a flow those sites are shown")


@dataclass(frozen=True, slots=True)
class Settings:
    """All groups, as the application receives them."""

    database: Database = field(default_factory=Database)
    web: Web = field(default_factory=Web)
    geocoding: Geocoding = field(default_factory=Geocoding)
    register: Register = field(default_factory=Register)
    matching: Matching = field(default_factory=Matching)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of ``entreflux settings``: the variable, its masked value and what it does."""

    variable: str
    value: str
    description: str


def described(settings: Settings) -> list[Setting]:
    """Return every setting with its present value, passwords masked."""
    lines: list[Setting] = []
    groups: tuple[Group, ...] = (
        settings.database,
        settings.web,
        settings.geocoding,
        settings.register,
        settings.matching,
    )
    for group in groups:
        prefix = str(type(group).model_config.get("env_prefix", ""))
        for name, info in type(group).model_fields.items():
            extra = info.json_schema_extra
            value = str(getattr(group, name))
            shown = masked(value) if isinstance(extra, dict) and extra.get("secret") else value
            lines.append(Setting(f"{prefix}{name}".upper(), shown, info.description or ""))
    return lines


def masked(url: str) -> str:
    """Return ``url`` with its password hidden."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", f":{MASK}@", 1) if password else url
