"""How the web app is reached, and who may say who somebody is: the file of LIKENESS_DOOR."""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from consent.domain.actors import Role
from consent.domain.errors import SetupError

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_LEAST_SECRET = 32


class DoorError(SetupError):
    """The door file cannot be used."""

    def __init__(self, path: Path | None, sentence: str) -> None:
        super().__init__(f"{path or 'The door'}: {sentence}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Section):
    """Where the web app listens.

    Attributes:
        hosts: names under which browsers reach it; others are refused.
        certificate: for TLS by this program; with its key.
    """

    address: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @field_validator("hosts")
    @classmethod
    def _bare(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not host or any(sign in host for sign in "/:*@ "):
                raise ValueError(f"{host!r} must be a name alone, without https:// and port")
        return tuple(host.lower() for host in hosts)

    @model_validator(mode="after")
    def _both(self) -> Server:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key must both be given, or none")
        return self


class Proxy(_Section):
    """A reverse proxy before the web app, which speaks TLS with the browsers.

    Attributes:
        peers: its addresses or networks; nobody else is believed.
        user_header: in which it says who signed in there; empty if it does not.
        secret_file: holds what it must send in X-Likeness-Proxy-Secret to be believed.
    """

    peers: Annotated[tuple[str, ...], Field(min_length=1)]
    user_header: str = ""
    secret_file: Path | None = None

    @field_validator("peers")
    @classmethod
    def _addresses(cls, peers: tuple[str, ...]) -> tuple[str, ...]:
        for peer in peers:
            if ipaddress.ip_network(peer).prefixlen == 0:
                raise ValueError(f"{peer} is everybody: name the proxy's own address")
        return peers

    @model_validator(mode="after")
    def _with_secret(self) -> Proxy:
        if self.user_header and self.secret_file is None:
            raise ValueError(
                "user_header needs secret_file: without a shared secret anyone who reaches the "
                "port could claim to be any person"
            )
        return self

    def is_peer(self, address: str) -> bool:
        """Say whether a connection comes from the proxy."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in ipaddress.ip_network(peer) for peer in self.peers)

    def secret(self) -> str:
        """Return the shared secret.

        Raises:
            DoorError: it cannot be read, or is short.
        """
        return read_secret(self.secret_file, "the proxy's secret")


class Provider(_Section):
    """A provider of OpenID Connect: Microsoft Entra, Google, Keycloak.

    Attributes:
        issuer: as it stands in its tokens, such as https://login.example.org/realms/library.
        groups_claim: where its tokens name groups or roles.
        roles: groups of the provider, by role here; whoever is in none is not let in.
        tenant: Microsoft's `tid` or Google's `hd` that is wanted; empty for any.
    """

    issuer: Annotated[str, Field(pattern=r"^https?://\S+$")]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: Path | None = None
    name: str = "your library's account"
    scope: str = "openid profile email"
    groups_claim: str = "groups"
    tenant_claim: str = "tid"
    tenant: str = ""
    roles: Annotated[dict[Role, tuple[str, ...]], Field(min_length=1)]

    @field_validator("issuer")
    @classmethod
    def _private(cls, issuer: str) -> str:
        local = any(issuer.startswith(f"http://{name}") for name in ("127.0.0.1:", "localhost:"))
        if issuer.startswith("http://") and not local:
            raise ValueError("the issuer must be reached by https")
        return issuer.rstrip("/")

    def client_secret(self) -> str | None:
        """Return the client's secret, if it has one.

        Raises:
            DoorError: it cannot be read.
        """
        if self.client_secret_file is None:
            return None
        return read_secret(self.client_secret_file, "the client's secret", least=1)

    def roles_of(self, groups: object) -> frozenset[Role]:
        """Return the roles of somebody in some groups of the provider."""
        named = {groups} if isinstance(groups, str) else groups
        if not isinstance(named, (list, tuple, set)):
            return frozenset()
        return frozenset(role for role, wanted in self.roles.items() if set(wanted) & set(named))


class DoorFile(_Section):
    """The whole file; without one, the web app is for this computer alone."""

    server: Server = Server()
    proxy: Proxy | None = None
    oidc: Provider | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this computer can connect, and no proxy speaks for others."""
        return self.server.address in _LOOPBACK_NAMES and self.proxy is None

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which browsers reach it, in small letters."""
        return frozenset({*self.server.hosts, *_LOOPBACK_NAMES})

    def require_safe(self, path: Path | None = None) -> None:
        """Refuse to serve passwords and names to a network in the clear.

        Raises:
            DoorError: it listens on the network without TLS and without a proxy, under no name, or
                a secret cannot be read.
        """
        if self.server.address not in _LOOPBACK_NAMES:
            if self.server.certificate is None and self.proxy is None:
                raise DoorError(
                    path,
                    f"the address {self.server.address} is open to the network, so that it needs "
                    "TLS: give certificate and key under [server], or the reverse proxy that has "
                    "them under [proxy]. See docs/deploy.md.",
                )
            if not self.server.hosts:
                raise DoorError(
                    path,
                    "name under [server] hosts how browsers reach this computer, such as "
                    'hosts = ["likeness.library.example"].',
                )
        for file in (self.server.certificate, self.server.key):
            if file is not None and not file.is_file():
                raise DoorError(path, f"there is no file {file}.")
        if self.proxy is not None and self.proxy.user_header:
            self.proxy.secret()
        if self.oidc is not None:
            self.oidc.client_secret()


def read_secret(path: Path | None, what: str, least: int = _LEAST_SECRET) -> str:
    """Return what a file of a secret holds.

    Raises:
        DoorError: it cannot be read, or is short.
    """
    try:
        found = "" if path is None else path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DoorError(path, f"{what} cannot be read ({error}).") from error
    if len(found) < least:
        raise DoorError(path, f"{what} must have at least {least} letters.")
    return found


def read_door(path: Path | None) -> DoorFile:
    """Read the file; without one, the web app is for this computer alone.

    Raises:
        DoorError: it cannot be read, says something impossible, or would serve a network in the
            clear.
    """
    if path is None:
        return DoorFile()
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        door = DoorFile.model_validate(found)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DoorError(path, f"it cannot be read ({error}).") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise DoorError(path, f"{where}: {fault['msg']}.") from error
    door.require_safe(path)
    return door
