"""Sign-in at the command line by the library's own provider: a code typed there (RFC 8628)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from consent.access.provider import sign_in_introduced
from consent.access.sign_in import Entrance
from consent.domain.access import SessionKind
from consent.domain.errors import RefusedError
from consent.services import Services
from consent.web.door_file import Provider
from consent.web.provider_pages import (
    PROVIDER_ERRORS,
    ProviderFailedError,
    introduced,
    provider_client,
    wanted_claims,
    whole_claims,
)

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# If the provider names none; and by so much longer whenever it says that it is asked too often.
_INTERVAL_SECONDS, _SLOWER_SECONDS = 5, 5
_PENDING, _SLOW_DOWN = "authorization_pending", "slow_down"


class NoDeviceCodeError(RefusedError):
    """The provider signs nobody in by a code."""

    def __init__(self) -> None:
        super().__init__(
            "Your library's account signs nobody in by a code at the command line: make a token on "
            "the page /account/token, and run likeness login --token."
        )


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """Where somebody goes with a browser, on whatever device, and what they type there."""

    address: str
    code: str


def sign_in_by_device(
    services: Services, provider: Provider, tell: Callable[[DeviceCode], None]
) -> Entrance:
    """Begin a session of the command line for whom the provider introduces.

    Args:
        tell: told where to go and what to type there; then it is waited for.

    Raises:
        NotInvitedError: they are in no group of ours, or their account is locked.
        RefusedError: the provider offers no codes, refused, or was not answered in time.
    """
    claims = asyncio.run(_claims(provider, tell))
    return sign_in_introduced(services, introduced(provider, claims, None), SessionKind.COMMAND)


async def _claims(provider: Provider, tell: Callable[[DeviceCode], None]) -> Mapping[str, Any]:
    client = provider_client(provider)
    try:
        metadata = await client.load_server_metadata()
        token = await _token(provider, metadata, tell)
        claims = None
        if "id_token" in token:
            # Nobody was sent there with a nonce: the token comes straight from the provider.
            claims = await client.parse_id_token(
                token, nonce=None, claims_options=wanted_claims(provider)
            )
        return await whole_claims(provider, client, token, claims)
    except PROVIDER_ERRORS as error:
        raise ProviderFailedError(error) from error


async def _token(
    provider: Provider, metadata: Mapping[str, Any], tell: Callable[[DeviceCode], None]
) -> dict[str, Any]:
    """Ask for a code, and wait until somebody has typed it there.

    Raises:
        NoDeviceCodeError: the provider gives none.
        ProviderFailedError: they refused, or it took too long.
    """
    if not (endpoint := metadata.get("device_authorization_endpoint")):
        raise NoDeviceCodeError
    secret = provider.client_secret()
    asked = {"client_id": provider.client_id, "scope": provider.scope}
    if secret:
        asked["client_secret"] = secret
    async with httpx2.AsyncClient() as client:
        answer = await client.post(endpoint, data=asked)
        answer.raise_for_status()
        given = answer.json()
        tell(DeviceCode(str(given["verification_uri"]), str(given["user_code"])))
        interval = float(given.get("interval", _INTERVAL_SECONDS))
        ends = time.monotonic() + float(given["expires_in"])
        while True:
            await asyncio.sleep(interval)
            answer = await client.post(
                metadata["token_endpoint"],
                data={**asked, "grant_type": _GRANT, "device_code": given["device_code"]},
            )
            token: dict[str, Any] = answer.json()
            refusal = token.get("error")
            if refusal is None:
                answer.raise_for_status()
                return token
            if refusal == _SLOW_DOWN:
                interval += _SLOWER_SECONDS
            elif refusal != _PENDING or time.monotonic() > ends:
                raise ProviderFailedError(refusal)
