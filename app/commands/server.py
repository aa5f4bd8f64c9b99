"""``serve``, ``demo`` and ``settings``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from app.api.log_lines import LogForm, log_config
from app.commands.common import Language, language_of
from app.commands.upgrading import upgraded
from app.db.engine import open_database
from app.services.demo import DEMO_TERRITORY, Demo, load_demo
from app.settings import Database, Settings, data_folder
from app.settings_shown import described
from app.translations import gettext
from matching.messages import N_

APPLICATION = "app.main:factory"
START_S = 120
Host = Annotated[str, typer.Option(help="Adresse d'écoute / address to listen on")]
Port = Annotated[int, typer.Option(help="Port", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    app.command("serve")(serve)
    app.command("demo")(demo)
    app.command("settings")(show_settings)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Processus / processes", min=1)] = 1,
    logs: Annotated[
        LogForm | None, typer.Option("--logs", help="json | text (terminal)", show_default=False)
    ] = None,
) -> None:
    """Servir l'API et les pages, après mise à jour de la base / serve, once the database is up to date."""
    _migrate(Settings())
    _run(host, port, workers, log_config(logs))


def _migrate(settings: Settings) -> None:
    database = open_database(settings.database)
    upgraded(database, settings, language_of(None))
    database.close()


def _run(host: str, port: int, workers: int, logs: dict[str, Any]) -> None:
    # Who forges X-Forwarded-For would choose the address its tries count under: named proxies are heard.
    proxies = Settings().web.trusted_proxies
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=logs,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        # A process answers only once all is imported: ended after five seconds, uvicorn's default, it would
        # never get there on a slow or busy machine.
        timeout_worker_healthcheck=START_S,
    )


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Base neuve / start from nothing")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Charger sans servir / load only")] = False,
    lang: Language = None,
) -> None:
    """Charger un territoire d'exemple et le servir / load an example territory and serve it."""
    language = language_of(lang)
    settings = Settings()
    if "url" not in settings.database.model_fields_set:
        settings = _own_demo_database(fresh)
    _migrate(settings)
    database = open_database(settings.database)
    loaded = load_demo(database, settings.web)
    database.close()
    _tell(loaded, f"http://{host}:{port}", language)
    if not no_serve:
        _run(host, port, 1, log_config(level="WARNING"))


def _own_demo_database(fresh: bool) -> Settings:
    """Return settings on a file of the demo's own, away from the user's database."""
    file = data_folder() / "demo.sqlite"
    if fresh:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    # The server, and each of its processes, reads the environment.
    os.environ["ENTREFLUX_DATABASE_URL"] = f"sqlite:///{file}"
    return Settings(database=Database())


def _tell(loaded: Demo, address: str, language: str) -> None:
    territory = gettext(N_("Territory: {name} ({flows} flows, {synergies} synergies)"), language,
                        name=DEMO_TERRITORY, flows=loaded.flows, synergies=loaded.synergies)  # fmt: skip
    typer.echo(territory)
    typer.echo(gettext(N_("Open {address}"), language, address=address))
    typer.echo(gettext(N_("E-mail address: {email}"), language, email=loaded.email))
    typer.echo(gettext(N_("Password: {password}"), language, password=loaded.password))
    typer.echo(
        gettext(
            N_("API key: {key} (documentation: {docs})"), language, key=loaded.key, docs=f"{address}/docs"
        )
    )


def show_settings() -> None:
    """Lister les réglages, leur valeur et leur effet / list the settings, their value and effect."""
    for line in described(Settings()):
        typer.echo(f"{line.variable}={line.value}\t{line.description}")
