"""Frozen settings by concern, read from ``ENTREFLUX_…`` variables.

Every group has its own prefix: ``ENTREFLUX_DATABASE_URL`` is ``Database.url``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from platformdirs import user_data_path
from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


def data_folder() -> Path:
    """Return the user's data folder, created when missing."""
    return user_data_path("entreflux", appauthor=False, ensure_exists=True)


def default_database_url() -> str:
    """Return the address of the SQLite file in the user's data folder."""
    return f"sqlite:///{data_folder() / 'entreflux.sqlite'}"


class FileSource(PydanticBaseSettingsSource):
    """Values from files: ``ENTREFLUX_MAIL_PASSWORD_FILE`` names the file of ``ENTREFLUX_MAIL_PASSWORD``.

    So a secret stands neither in the environment, which child processes and crash reports show, nor in a file
    of the composition.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the content of a field's file without its last line end; None when no file is named."""
        variable = f"{self.config.get('env_prefix', '')}{field_name}_FILE".upper()
        named = os.environ.get(variable)
        return (Path(named).read_text(encoding="utf-8").rstrip("\r\n") if named else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the values that files give."""
        found = {
            name: self.get_field_value(info, name)[0] for name, info in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class Group(BaseSettings):
    """What every group shares: frozen, deaf to variables it does not know; each value may be in a file."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is given, then files, then variables."""
        return init_settings, FileSource(settings_cls), env_settings


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
    public_url: str = Field(
        default="",
        description="Where people reach this server, such as https://entreflux.example: links in mails, "
        "and the only host it then answers to (this machine aside)",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, separated by commas, of the proxies whose X-Forwarded-For "
        "is believed; empty: none",
    )
    second_factor_required: bool = Field(
        default=False, description="Ask coordinators and operators for a second factor at each sign-in"
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


class Backup(Group):
    """Copies of the database."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_BACKUP_")

    folder: str = Field(
        default="",
        description="Where copies made before a change of schema go; empty: beside a SQLite file, else the "
        "user's data folder",
    )
    before_migration: bool = Field(default=True, description="Copy the database before its schema changes")
    keep: int = Field(default=5, ge=1, description="How many of those copies are kept")
    passphrase: str = Field(
        default="",
        description="What seals copies, and opens them again; empty: they are not sealed",
        json_schema_extra={"secret": True},
        repr=False,
    )


class Mail(Group):
    """How mail leaves; without a host none does, and links are handed over by whoever made them."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_MAIL_")

    host: str = Field(default="", description="Mail server (SMTP); empty: no mail is sent")
    port: int = Field(default=587, ge=1, le=65535, description="Its port")
    username: str = Field(default="", description="Account on the mail server; empty: none")
    password: str = Field(
        default="", description="Its password", json_schema_extra={"secret": True}, repr=False
    )
    sender: str = Field(default="", description="Address the mail comes from")
    encrypted: bool = Field(default=True, description="Refuse to send without STARTTLS")
    timeout_s: float = Field(default=10.0, gt=0, description="How long to wait for the mail server")


class OpenId(Group):
    """Signing in at somebody else's: a provider that speaks OpenID Connect."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_OPENID_")

    issuer: str = Field(
        default="", description="Address of the OpenID Connect provider; empty: passwords only"
    )
    client_id: str = Field(default="", description="What the provider calls this server")
    client_secret: str = Field(
        default="", description="What it knows it by", json_schema_extra={"secret": True}, repr=False
    )
    name: str = Field(default="", description="What the button names, such as ProConnect")
    timeout_s: float = Field(default=10.0, gt=0, description="How long to wait for the provider")


class Geocoding(Group):
    """How addresses become points."""

    model_config = SettingsConfigDict(env_prefix="ENTREFLUX_GEOCODING_")

    url: str = Field(
        default="", description="Address search service; empty: the built-in commune centres, no internet"
    )
    timeout_s: float = Field(default=5.0, gt=0, description="How long to wait for the address service")
    private: bool = Field(
        default=False, description="Whether that service may be on this machine or its network"
    )


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
    private: bool = Field(
        default=False, description="Whether that service may be on this machine or its network"
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
    backup: Backup = field(default_factory=Backup)
    web: Web = field(default_factory=Web)
    mail: Mail = field(default_factory=Mail)
    openid: OpenId = field(default_factory=OpenId)
    geocoding: Geocoding = field(default_factory=Geocoding)
    register: Register = field(default_factory=Register)
    matching: Matching = field(default_factory=Matching)
