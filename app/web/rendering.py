"""Templates to answers: one environment a language, and what every page needs to know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from starlette.responses import HTMLResponse

from app.api.protection import nonce
from app.web import wording
from app.web.figures import Figures
from matching.catalogue.loader import load_catalogue

STATIC = Path(__file__).parent / "static"
NO_STORE = {"Cache-Control": "private, no-cache"}


class Nonces(Extension):
    """Gives the scripts that templates hold the nonce of the answer, and no script that a value brings."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source of a template with the mark on its scripts."""
        return source.replace("<script", '<script nonce="{{ nonce() }}"')


@lru_cache(maxsize=2)
def environment(language: str) -> Environment:
    """Return the templates of a language; every value is escaped, a missing one is a mistake."""
    figures = Figures(language)
    found = Environment(
        loader=PackageLoader("app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Nonces],
    )
    found.globals |= {
        "_": figures.text,
        "plural": figures.plural,
        "figures": figures,
        "language": language,
        "nonce": nonce,
        "wording": wording,
        "static": static_address,
        "with_query": with_query,
        "resource_name": lambda code: resource_name(code, language),
        "waste_label": lambda code: waste_label(code, language),
    }
    return found


def render(name: str, language: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """Return a template as an answer that no cache keeps."""
    text = environment(language).get_template(name).render(context)
    return HTMLResponse(
        text, status, {**NO_STORE, "Content-Language": language, "Vary": "Cookie, HX-Request"}
    )


@lru_cache(maxsize=64)
def static_address(path: str) -> str:
    """Return the address of a static file, which changes when its content does."""
    file = STATIC / path
    if not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:10]}"


def with_query(path: str, values: Mapping[str, Any], **changes: Any) -> str:
    """Return an address whose query holds ``values`` with ``changes``; empty values are left out."""
    merged = {**values, **changes}
    query = urlencode({name: value for name, value in merged.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def resource_name(code: str | None, language: str) -> str:
    """Return the name of a resource of the catalogue."""
    resource = load_catalogue().resources.get(code or "")
    return resource.name.in_language(language) if resource else ""


def waste_label(code: str, language: str) -> str:
    """Return the label of a code of the List of Waste."""
    entry = load_catalogue().waste_codes.get(code)
    return entry.label.in_language(language) if entry else ""
