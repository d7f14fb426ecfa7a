"""A real OpenID Connect provider on loopback: discovery, keys, codes with PKCE and nonce, signed ID tokens, logout.

Its protocol is Authlib's authorization server; here stand only its web pages and what it keeps in mind.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on loopback

CLIENT, SECRET = "glidepath", "a secret of the provider"
LASTS_S = 3600
Claims = Mapping[str, Any]


class Client(ClientMixin):
    """The app, as the provider knows it."""

    client_id = CLIENT

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope or ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code:
    """A code that was handed out, and what it stands for."""

    user: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

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


@dataclass
class Provider:
    """What the provider keeps: users by their short name, with the claims of each; and what was asked of it."""

    users: dict[str, Claims]
    address: str = ""
    redirect_uri: str = ""
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)  # queries of the authorization endpoint
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def secrets(self, app: str, **door: object) -> dict[str, dict[str, object]]:
        """What an app on that address writes into its secrets."""
        self.redirect_uri = f"{app}/oauth2callback"
        auth = {
            "redirect_uri": self.redirect_uri,
            "cookie_secret": "a cookie secret of thirty-two signs or more",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "server_metadata_url": f"{self.address}/.well-known/openid-configuration",
        }
        return {"auth": auth, "door": door}


def _server(provider: Provider) -> AuthorizationServer:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            said = request.payload.data
            provider.codes[code] = Code(
                request.user, request.payload.redirect_uri, request.scope, said.get("nonce", ""),
                said.get("code_challenge", ""), said.get("code_challenge_method", ""),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes = {code: one for code, one in provider.codes.items() if one is not authorization_code}

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    class IdToken(OpenIDCode):
        def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
            return any(one.nonce == nonce for one in provider.codes.values())

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return provider.key

        def get_client_algorithm(self, client: Client) -> str:
            return "RS256"

        def get_encode_header(self, client: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": "one"}

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            now = int(time.time())
            return {"iss": provider.address, "aud": [CLIENT], "iat": now, "exp": now + LASTS_S}

        def get_compatible_claims(self, request: OAuth2Request) -> dict[str, Any]:
            return self.get_client_claims(request.client)

        def generate_user_info(self, user: str, scope: str) -> dict[str, Any]:
            return dict(provider.users[user])

    class Server(AuthorizationServer):
        def query_client(self, client_id: str) -> Client | None:
            return Client(provider.redirect_uri) if client_id == CLIENT else None

        def save_token(self, token: object, request: object) -> None:
            pass

        def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
            pass

        def create_oauth2_request(self, request: Any) -> OAuth2Request:
            method, uri, headers, said = request
            made = _Asked(method, uri, headers=headers)
            made.payload = BasicOAuth2Payload(said)
            return made

        def handle_response(self, status: int, body: Any, headers: Any) -> Response:
            text = json.dumps(body) if isinstance(body, dict) else body
            return Response(text, status, dict(headers))

    server = Server()
    server.register_grant(Grant, [IdToken(require_nonce=True), CodeChallenge(required=True)])
    server.register_token_generator("default", BearerTokenGenerator(lambda *_, **__: os.urandom(24).hex()))
    return server


class _Asked(OAuth2Request):
    @property
    def form(self) -> Any:
        return self.payload.data

    @property
    def args(self) -> Any:
        return self.payload.data


def _app(provider: Provider) -> Starlette:
    server = _server(provider)

    def discovery(request: Request) -> Response:
        at = provider.address
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/keys",
                "end_session_endpoint": f"{at}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def keys(request: Request) -> Response:
        return JSONResponse({"keys": [provider.key.as_dict(private=False)]})

    def authorize(request: Request) -> Response:
        said = dict(request.query_params)
        user = said.pop("user", "")
        if not user:
            provider.asked.append(said)
            links = [
                f'<li><a href="/authorize?{escape(urlencode(said | {"user": one}))}">{escape(one)}</a></li>'
                for one in (*provider.users, "nobody")
            ]
            return HTMLResponse(f"<!doctype html><html lang=en><title>Provider</title><ul>{''.join(links)}</ul></html>")
        asked = server.create_oauth2_request(("GET", str(request.url), request.headers, said))
        grant = server.get_authorization_grant(asked)
        return server.create_authorization_response(asked, user if user in provider.users else None, grant)

    async def token(request: Request) -> Response:
        said = dict(await request.form())
        return server.create_token_response(("POST", str(request.url), request.headers, said))

    def logout(request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/keys", keys),
            Route("/authorize", authorize),
            Route("/token", token, methods=["POST"]),
            Route("/logout", logout),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
        ]
    )


@contextmanager
def serving(users: Mapping[str, Claims]) -> Iterator[Provider]:
    """A provider on a free port of loopback."""
    provider = Provider(dict(users))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        provider.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(_app(provider), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield provider
        server.should_exit = True
        thread.join(5)
