"""Settings as ``entreflux settings`` shows them, passwords masked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.settings import Group, Settings

MASK = "••••••"


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
        settings.backup,
        settings.web,
        settings.mail,
        settings.openid,
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
    """Return a secret with its password hidden: all of it, unless it is an address."""
    if "://" not in url:
        return MASK if url else ""
    password = urlsplit(url).password
    return url.replace(f":{password}@", f":{MASK}@", 1) if password else url
