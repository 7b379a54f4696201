"""The provider of the tests, which signs in by a device code too: with Authlib's server half."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import oidc_provider_mock
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc8628 import (
    DEVICE_CODE_GRANT_TYPE,
    DeviceAuthorizationEndpoint,
    DeviceCodeGrant,
    DeviceCredentialDict,
)
from authlib.oidc.core.grants.code import OpenIDToken
from oidc_provider_mock import User
from oidc_provider_mock._app import _user_claims_for_scope, storage
from oidc_provider_mock._server import _threaded_server
from oidc_provider_mock._storage import Client

# Asks the provider with the code that was shown: who typed it, and whether they agreed; None for
# nobody yet.
Typed = Callable[[str], tuple[str, bool] | None]


@dataclass
class Codes:
    """The codes that were given, and who typed them."""

    typed: Typed
    given: dict[str, DeviceCredentialDict] = field(default_factory=dict)
    polled: set[str] = field(default_factory=set)


class Endpoint(DeviceAuthorizationEndpoint):
    INTERVAL = 0

    def get_verification_uri(self) -> str:
        return f"{flask.request.host_url}device"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        credential = DeviceCredentialDict(client_id=client_id, scope=scope, **data)
        flask.g.codes.given[data["device_code"]] = credential


class Grant(DeviceCodeGrant):
    def query_device_credential(self, device_code: str) -> DeviceCredentialDict | None:
        return flask.g.codes.given.get(device_code)

    def query_user_grant(self, user_code: str) -> tuple[User, bool] | None:
        # Nobody is so quick: it is pending once.
        codes = flask.g.codes
        first = user_code not in codes.polled
        codes.polled.add(user_code)
        answer = None if first else codes.typed(user_code)
        return None if answer is None else (storage.get_user(answer[0]), answer[1])

    def should_slow_down(self, credential: object) -> bool:
        return False


class IdToken(OpenIDToken):
    def get_jwt_config(self, grant: object, client: object = None) -> dict[str, object]:
        return {
            "key": storage.jwk.as_dict(is_private=True),
            "alg": "RS256",
            "exp": 3600,
            "iss": flask.request.host_url.rstrip("/"),
        }

    def generate_user_info(self, user: User, scope: str) -> object:
        return _user_claims_for_scope(user, scope)


def by_code() -> Any:
    """Answer what the mock leaves unanswered."""
    server = flask.g._authlib_authorization_server
    request = FlaskOAuth2Request(flask.request)
    try:
        if flask.request.path == "/device_authorization":
            return server.handle_response(*Endpoint(server)(request))
        if flask.request.form.get("grant_type") == DEVICE_CODE_GRANT_TYPE:
            grant = Grant(request, server)
            IdToken()(grant)
            grant.validate_token_request()
            return server.handle_response(*grant.create_token_response())
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    return None


def tell_of_it(response: flask.Response) -> flask.Response:
    if flask.request.path.endswith("openid-configuration"):
        said = json.loads(response.get_data())
        said["device_authorization_endpoint"] = f"{said['issuer']}/device_authorization"
        response.set_data(json.dumps(said))
    return response


@contextmanager
def device_provider(people: list[User], typed: Typed) -> Iterator[str]:
    """Run it on a port of its own; returns the issuer."""
    codes, app = Codes(typed), oidc_provider_mock.app(user_claims=people)

    def keep_codes() -> None:
        flask.g.codes = codes

    app.before_request(keep_codes)
    app.before_request(by_code)
    app.after_request(tell_of_it)
    before = Client.GRANT_TYPES_SUPPORTED
    Client.GRANT_TYPES_SUPPORTED = (*before, DEVICE_CODE_GRANT_TYPE)
    try:
        with _threaded_server(app) as running:
            yield f"http://localhost:{running.server_port}"
    finally:
        Client.GRANT_TYPES_SUPPORTED = before
