"""What pages before and around signing in share: who knocks, cookies, forms without a session."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import FormData

from app.dependencies import SESSION_COOKIE, cookie_name, settings_of
from app.services.passwords import csrf_token, new_token
from app.services.sessions import KNOWN_DAYS, Caller, Entered
from app.settings import Settings
from app.translations import translate
from app.web.rendering import render, with_query
from app.web.visit import check_own_form, language_of, see_other

log = logging.getLogger(__name__)
# Holds the token of forms while there is no session.
FORM_COOKIE = "entreflux_form"
# The session of somebody who owes the second factor.
PENDING_COOKIE = "entreflux_pending"
# Says that the person has signed in here before.
KNOWN_COOKIE = "entreflux_known"
PENDING_S = 600
# In this order: Edge calls itself Chrome too, and Chrome calls itself Safari.
BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def caller_of(request: Request) -> Caller:
    """Return who knocks. The address is the connection's, or what a trusted proxy says it is."""
    address = request.client.host if request.client else ""
    if "x-forwarded-for" in request.headers and not settings_of(request).web.trusted_proxies:
        _tell_of_proxy(address)
    known = request.cookies.get(cookie_name(settings_of(request), KNOWN_COOKIE), "")
    return Caller(address, browser_named(request.headers.get("user-agent", "")), known)


@lru_cache(maxsize=8)
def _tell_of_proxy(address: str) -> None:
    """Log once that a proxy is not believed: behind it, everybody's tries count together."""
    log.warning("X-Forwarded-For from %s is not read: ENTREFLUX_WEB_TRUSTED_PROXIES names no proxy", address)


def browser_named(agent: str) -> str:
    """Return a browser and its system in two words, empty when unknown."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)


def keep_secret(
    response: Response, settings: Settings, name: str, value: str, seconds: int, same_site: Any = "lax"
) -> None:
    """Set a cookie that scripts cannot read."""
    response.set_cookie(
        cookie_name(settings, name), value, max_age=seconds, httponly=True, samesite=same_site,
        secure=settings.web.secure_cookies,
    )  # fmt: skip


def forget(response: Response, settings: Settings, *names: str) -> None:
    """Delete cookies."""
    for name in names:
        response.delete_cookie(
            cookie_name(settings, name), httponly=True, samesite="lax", secure=settings.web.secure_cookies
        )


def let_in(settings: Settings, entered: Entered, back: str) -> Response:
    """Return the answer that leads in, or to the second factor first."""
    if entered.pending:
        response: Response = see_other(with_query("/second-facteur", {"retour": "" if back == "/" else back}))
        keep_secret(response, settings, PENDING_COOKIE, entered.token, PENDING_S)
        return response
    response = see_other(back)
    keep_session(response, settings, entered)
    return response


def keep_session(response: Response, settings: Settings, entered: Entered) -> None:
    """Set the cookies of a whole session."""
    keep_secret(response, settings, SESSION_COOKIE, entered.token, int(settings.web.session_hours * 3600))
    if entered.known:
        keep_secret(response, settings, KNOWN_COOKIE, entered.known, KNOWN_DAYS * 24 * 3600, "strict")
    forget(response, settings, PENDING_COOKIE, FORM_COOKIE)


def outside(request: Request, name: str, context: Mapping[str, Any], status: int = 200) -> Response:
    """Return a page for somebody without a session, whose forms are nonetheless our own."""
    settings = settings_of(request)
    token = request.cookies.get(cookie_name(settings, FORM_COOKIE)) or new_token()
    url = request.url
    values = {
        "here": f"{url.path}?{url.query}" if url.query else url.path,
        **context,
        "csrf": csrf_token(token),
    }
    response = render(name, language_of(request), values, status)
    keep_secret(response, settings, FORM_COOKIE, token, 24 * 3600, "strict")
    # The address may be a link that opens something: no cache keeps it.
    response.headers["Cache-Control"] = "no-store"
    return response


def check_outside_form(request: Request, form: FormData) -> None:
    """Raise ``ForgedRequestError`` unless a form without a session is one of our pages'."""
    check_own_form(request, form, request.cookies.get(cookie_name(settings_of(request), FORM_COOKIE), ""))


def said(request: Request, error: Any) -> str:
    """Return what a refusal says, in the visitor's language: of its first field when it is about fields."""
    wrong = getattr(error, "errors", ())
    return translate(wrong[0].message if wrong else error.message, language_of(request))


def public_address(request: Request, path: str) -> str:
    """Return the whole address of a path, as other people reach it."""
    settings = settings_of(request)
    base = settings.web.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return base.rstrip("/") + path
