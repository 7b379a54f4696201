"""Sign-in by a provider of OpenID Connect: there, and back with a token that is checked."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from consent.access.provider import Introduced, NotInvitedError, sign_in_introduced
from consent.domain.errors import RefusedError
from consent.web.door_file import Provider
from consent.web.gate import Door
from consent.web.own_addresses import own_address

BACK = "/sign-in/provider/back"
_AFTER, _AGAIN = "after", "again"
_LOG = logging.getLogger(__name__)
_MOST_LOGGED = 300
# As OAuth names what went wrong, such as invalid_client.
_CODE = re.compile(r"[a-z_]{1,40}")
_NAMES = ("name", "preferred_username", "email")


class ProviderFailedError(RefusedError):
    """The provider did not say who somebody is, or not so that it can be believed."""

    def __init__(self, why: Exception | str) -> None:
        if isinstance(why, Exception):
            # For whoever sets it up; anybody may have written what stands in it.
            _LOG.warning("The provider let nobody in: %s", ascii(str(why)[:_MOST_LOGGED]))
            code = str(getattr(why, "error", ""))
            why = code if _CODE.fullmatch(code) else type(why).__name__
        super().__init__(
            f"Your library's account did not let you in ({why}): try again. If it happens again, "
            "show this to your IT."
        )


PROVIDER_ERRORS = (OAuthError, JoseError, httpx2.HTTPError, ValueError)


def provider_client(provider: Provider) -> Any:  # noqa: ANN401 - Authlib has no types
    """Return Authlib's client of a provider, which reads its metadata and keys.

    Raises:
        DoorError: the client's secret cannot be read.
    """
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret(),
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": provider.scope, "code_challenge_method": "S256"},
    )
    return oauth.create_client("provider")


def wanted_claims(provider: Provider) -> dict[str, dict[str, object]]:
    """Return what an ID token must say."""
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }


async def whole_claims(
    provider: Provider,
    client: Any,  # noqa: ANN401 - Authlib has no types
    token: Mapping[str, Any],
    claims: Mapping[str, Any] | None,
) -> Mapping[str, Any]:
    """Return the claims of a checked ID token, with the groups.

    Raises:
        NotInvitedError: they are of another tenant.
        ProviderFailedError: there are none.
    """
    if claims is None:
        raise ProviderFailedError("no ID token")
    if provider.groups_claim not in claims:
        # Some tell groups only to who asks with the token.
        more = await client.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise ProviderFailedError("another subject")
        claims = {**more, **claims}
    if provider.tenant and claims.get(provider.tenant_claim) != provider.tenant:
        raise NotInvitedError
    return claims


def introduced(
    provider: Provider, claims: Mapping[str, Any], asked_at: datetime | None
) -> Introduced:
    """Return whom the claims of a checked token introduce.

    Args:
        asked_at: when they were made to show who they are, where the token does not say when.
    """
    shown = claims.get("auth_time")
    return Introduced(
        provider.issuer,
        str(claims["sub"]),
        tuple(str(claims[name]) for name in _NAMES if claims.get(name)),
        provider.roles_of(claims.get(provider.groups_claim, ())),
        datetime.fromtimestamp(shown, UTC) if isinstance(shown, int | float) else asked_at,
    )


class ProviderSignIn:
    """One provider, asked with PKCE, state and nonce; its own keys prove its tokens."""

    def __init__(self, door: Door, provider: Provider) -> None:
        """Ask a provider.

        Raises:
            DoorError: the client's secret cannot be read.
        """
        self._door, self._provider = door, provider
        self._client = provider_client(provider)

    async def there(self, request: Request) -> Response:
        """Send the browser to the provider; with `again`, to show anew who somebody is."""
        request.session[_AFTER] = own_address(request.query_params.get("after", ""))
        again = _AGAIN in request.query_params
        request.session[_AGAIN] = again
        asked = {"prompt": "login"} if again else {}
        scheme = "https" if self._door.is_secure(request.scope) else "http"
        back = f"{scheme}://{request.headers['host']}{BACK}"
        try:
            answer: Response = await self._client.authorize_redirect(request, back, **asked)
        except (OAuthError, httpx2.HTTPError) as error:
            raise ProviderFailedError(error) from error
        return answer

    async def back(self, request: Request) -> Response:
        """Let in whom the provider introduces.

        Raises:
            RefusedError: it introduces nobody, or somebody who has no business here.
        """
        claims = await self._claims(request)
        again = bool(request.session.pop(_AGAIN, False))
        who = introduced(self._provider, claims, self._door.services.now() if again else None)
        entrance = await self._door.ask(sign_in_introduced, who)
        after = own_address(str(request.session.pop(_AFTER, "/")))
        await self._door.end(request.scope)
        return self._door.let_in(RedirectResponse(after, 303), request.scope, entrance.token)

    async def _claims(self, request: Request) -> Mapping[str, Any]:
        provider = self._provider
        try:
            token = await self._client.authorize_access_token(
                request, claims_options=wanted_claims(provider)
            )
            return await whole_claims(provider, self._client, token, token.get("userinfo"))
        except PROVIDER_ERRORS as error:
            raise ProviderFailedError(error) from error
