"""A small OpenID Connect provider: real HTTP on this machine, codes, PKCE and signed tokens by authlib."""

# mypy: disable-error-code="misc"
# authlib has no types: its classes are anything to whoever derives from them.

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.authorization_server import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "entreflux", "known-to-both-alone"


@dataclass
class Person:
    """Who signs in at the provider; ``told`` overrides what its tokens say, to try what must be refused."""

    subject: str = "sub-anne"
    email: str = "anne@exemple.fr"
    email_verified: bool = True
    told: dict[str, Any] = field(default_factory=dict)

    def get_user_id(self) -> str:
        return self.subject


@dataclass
class Client(ClientMixin):
    """The one client of the provider."""

    redirect_uri: str = ""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith("http://testserver/")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was given out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: Person

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Payload(OAuth2Payload):
    """The parameters of a request."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        return self._values

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._values.items()}


class Request(OAuth2Request):
    """A request of the standard's own kind."""

    def __init__(self, method: str, uri: str, values: dict[str, str], headers: dict[str, str]) -> None:
        super().__init__(method, uri, headers=headers)
        self.payload = Payload(values)
        self._values = values

    @property
    def args(self) -> dict[str, str]:
        return self._values if self.method == "GET" else {}

    @property
    def form(self) -> dict[str, str]:
        return self._values if self.method == "POST" else {}


class Server(AuthorizationServer):
    """authlib's server, over what a test holds in memory."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(scopes_supported=["openid", "email", "profile"])
        self.provider = provider
        self.register_token_generator("default", self._token)

    @staticmethod
    def _token(**options: Any) -> dict[str, Any]:
        fixed = {"token_type": "Bearer", "access_token": "access", "expires_in": 60}
        return {**fixed, "scope": options["scope"]}

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT_ID else None

    def save_token(self, token: Any, request: Any) -> None:
        """Keep nothing: an identity token is all that is asked."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Tell nobody."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def create_json_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers


class CodeGrant(AuthorizationCodeGrant):
    """Codes, kept until they are used once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]
    server: Any

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self.server.provider.codes[code] = Code(
            code, asked["redirect_uri"], asked["scope"], asked["nonce"], asked["code_challenge"],
            asked["code_challenge_method"], request.user,
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        found: Code | None = self.server.provider.codes.get(code)
        return found

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del self.server.provider.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> Person:
        return authorization_code.user


class IdentityTokens(OpenIDCode):
    """What the identity tokens say."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Any) -> Any:
        return self.provider.signs_with

    def get_client_algorithm(self, client: Any) -> str:
        return "RS256"

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self.provider.issuer}

    def generate_user_info(self, user: Person, scope: str) -> UserInfo:
        claims = {"sub": user.subject, "email": user.email, "email_verified": user.email_verified}
        return UserInfo({**claims, **user.told})


class Provider:
    """The provider a test talks to: who signs in there, what it did."""

    def __init__(self) -> None:
        self.person = Person()
        self.codes: dict[str, Code] = {}
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.signs_with = self.key
        self.issuer = ""
        self.asked: list[str] = []
        self.server = Server(self)
        self.server.register_grant(CodeGrant, [CodeChallenge(required=True), IdentityTokens(self)])

    def answer(self, method: str, target: str, body: str, headers: dict[str, str]) -> tuple[int, Any, Any]:
        """Return the status, body and headers of an answer."""
        parts = urlsplit(target)
        self.asked.append(f"{method} {parts.path}")
        values = {name: held[0] for name, held in parse_qs(parts.query if method == "GET" else body).items()}
        request = Request(method, self.issuer + target, values, headers)
        if parts.path == "/.well-known/openid-configuration":
            return 200, self._metadata(), {}
        if parts.path == "/jwks":
            return 200, {"keys": [self.key.as_dict(private=False)]}, {}
        if parts.path == "/authorize":
            grant = self.server.get_consent_grant(request, end_user=self.person)
            answer: tuple[int, Any, Any] = self.server.create_authorization_response(
                request, grant_user=self.person, grant=grant
            )
            return answer
        if parts.path == "/token":
            token: tuple[int, Any, Any] = self.server.create_token_response(request)
            return token
        return 404, {}, {}

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }


@contextmanager
def serve(provider: Provider) -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length).decode()
            told = provider.answer(self.command, self.path, body, dict(self.headers.items()))
            status, content, headers = told
            written = (json.dumps(content) if isinstance(content, dict) else str(content or "")).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **dict(headers)}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = _answer

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_query(address: str, **changes: str) -> str:
    """Return an address with some parameters changed, empty ones removed."""
    parts = urlsplit(address)
    values = {name: held[0] for name, held in parse_qs(parts.query).items()} | changes
    return parts._replace(query=urlencode({name: value for name, value in values.items() if value})).geturl()
