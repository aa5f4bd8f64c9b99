"""Signing in at an OpenID Connect provider: discovery, authorization code with PKCE, state and nonce.

Only people who have an account or an invitation enter: the provider says who somebody is, not what is open to
them. An address opens an account only when the provider has verified it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import Token
from requests import RequestException

from app.db.base import NAME_LENGTH
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import User
from app.db.visibility import VisibleSession
from app.errors import AppError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.repositories.records import add, change
from app.services import invitations
from app.settings import OpenId
from matching.messages import N_, Message

# Signatures with a key pair alone: with a shared secret, whoever knows it could sign as anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 120
SCOPE = "openid email profile"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(AppError):
    """The provider did not answer, or not as the standard says."""

    def __init__(self, reason: str) -> None:
        text = N_("The sign-in service did not answer as it should: try again, or use a password.")
        super().__init__(Message(text))
        self.reason = reason


class UnknownPersonError(AppError):
    """The provider knows the person; this server does not."""

    def __init__(self) -> None:
        super().__init__(
            Message(N_("No account here goes with this identity. Ask your coordinator for an invitation."))
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser keeps between leaving for the provider and coming back: the attempt's secrets."""

    state: str
    nonce: str
    verifier: str

    def text(self) -> str:
        """Return it as the value of a cookie."""
        return ".".join((self.state, self.nonce, self.verifier))

    @classmethod
    def read(cls, text: str) -> Attempt:
        """Return it from the cookie; ``ProviderError`` when there is none."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise ProviderError("no attempt is under way in this browser")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is; ``email`` is empty unless it has verified it."""

    subject: str
    email: str
    name: str


def begin(settings: OpenId, redirect_uri: str) -> tuple[str, Attempt]:
    """Return the provider's page to go to, and what to keep meanwhile."""
    attempt = Attempt(*(secrets.token_urlsafe(48) for _ in range(3)))
    endpoint = _metadata(settings)["authorization_endpoint"]
    address, _ = _client(settings, redirect_uri).create_authorization_url(
        endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
    )
    return str(address), attempt


def identify(settings: OpenId, redirect_uri: str, attempt: Attempt, answer: Mapping[str, str]) -> Identity:
    """Return who came back, from the provider's answer in the address.

    Raises
    ------
    ProviderError
        When the answer is not the one of this attempt, or anything in it does not hold.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise ProviderError("the state is another one")
    if answer.get("iss", settings.issuer) != settings.issuer:
        raise ProviderError("the answer comes from another provider")  # RFC 9207
    if "code" not in answer:
        raise ProviderError(answer.get("error", "no code")[:100])
    try:
        with _client(settings, redirect_uri) as client:
            metadata = _metadata(settings)
            token = client.fetch_token(
                metadata["token_endpoint"],
                code=answer["code"],
                grant_type="authorization_code",
                code_verifier=attempt.verifier,
            )
            claims = _claims(client, settings, token, attempt.nonce)
            if "email" not in claims and "userinfo_endpoint" in metadata:
                claims = {**_about(client, settings, claims["sub"]), **claims}
            return _identity(settings, claims)
    except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError) as error:
        raise ProviderError(f"{type(error).__name__}: {error}"[:200]) from error


def _client(settings: OpenId, redirect_uri: str) -> Any:
    return OAuth2Session(
        settings.client_id,
        settings.client_secret or None,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=settings.timeout_s,
    )


@lru_cache(maxsize=4)
def _metadata(settings: OpenId) -> Mapping[str, Any]:
    """Return what the provider says of itself, asked once a process."""
    try:
        with OAuth2Session(default_timeout=settings.timeout_s) as client:
            found = _json(client, get_well_known_url(settings.issuer, external=True))
    except (RequestException, ValueError) as error:
        raise ProviderError(f"discovery: {type(error).__name__}") from error
    if found.get("issuer") != settings.issuer:
        raise ProviderError("the provider calls itself otherwise")
    plain = urlsplit(settings.issuer).scheme == "http"
    for name in ENDPOINTS:
        if urlsplit(str(found.get(name, ""))).scheme not in (("http", "https") if plain else ("https",)):
            raise ProviderError(f"{name} is missing or not over HTTPS")
    return found


def _json(client: Any, url: str) -> dict[str, Any]:
    response = client.request("GET", url, withhold_token=True)
    response.raise_for_status()
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _claims(client: Any, settings: OpenId, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """Return what the identity token says, once its signature and every claim about it hold."""
    signed = _verified(client, settings, token["id_token"])
    options = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"nonce": nonce, "client_id": settings.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(signed.claims, signed.header, options, params)
    claims.validate(leeway=LEEWAY_S)
    return dict(signed.claims)


def _verified(client: Any, settings: OpenId, text: str) -> Token:
    """Return a token whose signature one of the provider's present keys has made."""
    # Keys are renewed from time to time: they are asked each time, which a sign-in can bear.
    keys = KeySet.import_key_set(_json(client, _metadata(settings)["jwks_uri"]))  # type: ignore[arg-type]
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    return jwt.decode(text, keys, registry=registry)


def _about(client: Any, settings: OpenId, subject: str) -> dict[str, Any]:
    """Return what the provider tells of the person elsewhere, as some do, as JSON or signed."""
    response = client.get(_metadata(settings)["userinfo_endpoint"])
    response.raise_for_status()
    signed = response.headers.get("content-type", "").startswith("application/jwt")
    found = dict(_verified(client, settings, response.text).claims) if signed else response.json()
    if found.get("sub") != subject:
        raise ValueError("told of somebody else")
    return found


def _identity(settings: OpenId, claims: Mapping[str, Any]) -> Identity:
    email = str(claims.get("email", "")).strip().lower() if claims.get("email_verified") is True else ""
    subject = f"{settings.issuer}|{claims['sub']}"
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(subject) > NAME_LENGTH:
        raise ValueError("the subject is empty or too long")
    return Identity(subject, email, str(claims.get("name", ""))[:NAME_LENGTH])


def person_of(database: Database, identity: Identity) -> User:
    """Return the account of an identity, made by an invitation if one waits for its address.

    Raises
    ------
    UnknownPersonError
        When no account and no invitation goes with it, or the account is another identity's.
    """
    with database.writing(SYSTEM) as session:
        user = rows.user_by_openid(session, identity.subject) or _by_address(session, identity)
        if user.disabled:
            raise UnknownPersonError
        return user


def _by_address(session: VisibleSession, identity: Identity) -> User:
    if not identity.email:
        raise UnknownPersonError
    user = accounts.user_by_email(session, identity.email)
    if user is None:
        user = User(email=identity.email, name=identity.name, password_hash="")
        user.openid_subject = identity.subject
        add(session, user)
        if not invitations.accept_all_of(session, user):
            raise UnknownPersonError
        return user
    if user.openid_subject is not None:
        raise UnknownPersonError
    change(session, user, {"openid_subject": identity.subject})
    return user
