"""The pages of the sign-in: plain HTML, for browsers without scripts too."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import segno
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from consent.access import present, sign_in
from consent.access.accounts import waits_for_the_first
from consent.access.demo import demo_names, open_demo
from consent.access.present import Present
from consent.access.secrets import address_for_app
from consent.access.tokens import token_for_command
from consent.domain.access import Stage
from consent.domain.errors import (
    BadInputError,
    ConsentError,
    RefusedError,
    SetupError,
)
from consent.domain.wording import clock_time
from consent.web.gate import Door
from consent.web.own_addresses import own_address
from consent.web.provider_pages import BACK, ProviderSignIn

_HERE = Path(__file__).parent
_UNAUTHORIZED, _INVALID, _TOO_MANY, _UNAVAILABLE = 401, 422, 429, 503
# Of one address: more than people mistype, and too few to guess.
_GUESSES, _WITHIN_SECONDS = 30, 900.0
_MOST_ADDRESSES = 10_000
# Bits that its computers' addresses of IPv6 have in common.
_OF_ONE_COMPUTER = 64
# Every refusal takes so long, so that nobody tells by the time whether a name is known here.
REFUSED_AFTER_SECONDS = 0.5
_MOST_LETTERS = 300

Page = Callable[[Request], Awaitable[Response]]


class SignInPages:
    """The sign-in's own addresses."""

    def __init__(self, door: Door) -> None:
        """Serve a door."""
        self._door = door
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape()
        )
        self._tries = _Tries()
        provider = door.file.oidc
        self._provider = None if provider is None else ProviderSignIn(door, provider)

    def routes(self) -> list[Route]:
        """Return the routes, in front of Streamlit's."""
        both, reading, posting = ["GET", "POST"], ["GET"], ["POST"]
        demo = [Route("/sign-in/demo", self._demo, methods=posting)] if self._door.demo else []
        return [
            Route("/sign-in", self._answered(self._sign_in), methods=both),
            Route("/sign-in/code", self._answered(self._code), methods=both),
            Route("/sign-in/second", self._answered(self._second), methods=both),
            *demo,
            *self._provider_routes(),
            Route("/sign-in/style.css", _style, methods=reading),
            Route("/sign-in/icon.png", _icon, methods=reading),
            Route("/sign-out", self._sign_out, methods=posting),
            Route("/account/password", self._answered(self._password), methods=both),
            Route("/account/token", self._answered(self._token), methods=both),
            Route("/account/state", _state, methods=reading),
            Route("/account/here", _state, methods=posting),
        ]

    def _provider_routes(self) -> list[Route]:
        if self._provider is None:
            return []
        there, back = self._provider.there, self._provider.back
        return [
            Route("/sign-in/provider", self._answered(self._refusable(there)), methods=["GET"]),
            Route(BACK, self._answered(self._refusable(back)), methods=["GET"]),
        ]

    def _refusable(self, page: Page) -> Page:
        """Say on the page of the sign-in why the provider let nobody in."""

        async def answer(request: Request) -> Response:
            try:
                return await page(request)
            except (RefusedError, BadInputError) as error:
                return await self._form("/", _UNAUTHORIZED, error=str(error))

        return answer

    def _answered(self, page: Page) -> Page:
        """Count wrong guesses, and say so when the database does not answer."""

        async def answer(request: Request) -> Response:
            begun, guesses = time.monotonic(), request.method == "POST"
            where = _network_of(self._door.browser_address(request.scope))
            if guesses and not self._tries.begin(where, begun):
                said = "Too many tries from here: wait 15 minutes."
                return self._page("wait", _TOO_MANY, error=said)
            try:
                response = await page(request)
            except SetupError as error:
                response = self._page("wait", _UNAVAILABLE, error=str(error))
            refused = response.status_code == _UNAUTHORIZED
            if guesses and not refused:
                self._tries.was_none(where, begun)
            if refused:
                left = REFUSED_AFTER_SECONDS - (time.monotonic() - begun)
                await asyncio.sleep(max(0.0, left))
            return response

        return answer

    async def _sign_in(self, request: Request) -> Response:
        after = own_address(request.query_params.get("after", ""))
        if request.method != "POST":
            here = request.scope.get("likeness.present")
            if here is not None and not here.is_demo:
                return RedirectResponse(after, 303)
            said = "You are signed out." if "out" in request.query_params else ""
            if "ended" in request.query_params:
                said = "The sign-in has ended: sign in again to go on where you were."
            return await self._form(after, said=said)
        form = await request.form()
        after = own_address(_text(form, "after"))
        name = _text(form, "name")
        try:
            entrance = await self._door.ask(sign_in.sign_in, name, _text(form, "password"))
        except RefusedError as error:
            return await self._form(after, _UNAUTHORIZED, name=name, error=str(error))
        return await self._go_on(request, entrance, after)

    async def _form(self, after: str, status: int = 200, **said: object) -> Response:
        first = not self._door.demo and await self._door.ask(waits_for_the_first)
        demo = demo_names() if self._door.demo else []
        provider = self._door.file.oidc
        return self._page(
            "sign_in",
            status,
            after=after,
            first=first,
            demo=demo,
            provider="" if provider is None else provider.name,
            provider_address=f"/sign-in/provider?after={quote(after, safe='')}",
            **said,
        )

    async def _code(self, request: Request) -> Response:
        if request.method != "POST":
            first = await self._door.ask(waits_for_the_first)
            return self._page("code", first=first)
        form = await request.form()
        name = _text(form, "name")
        first = await self._door.ask(waits_for_the_first)
        try:
            password = _twice(form)
            entrance = await self._door.ask(
                sign_in.choose_password, name, _text(form, "code"), password
            )
        except ConsentError as error:
            status = _UNAUTHORIZED if isinstance(error, RefusedError) else _INVALID
            typed = {"name": name, "code": _text(form, "code")}
            return self._page("code", status, first=first, error=str(error), **typed)
        return await self._go_on(request, entrance, "/")

    async def _second(self, request: Request) -> Response:
        token = self._door.token(request.scope)
        stage = await self._door.ask(present.unfinished_stage, token)
        form = await request.form() if request.method == "POST" else FormData()
        after = own_address(_text(form, "after") or request.query_params.get("after", ""))
        if stage is None:
            return RedirectResponse(f"/sign-in?ended&after={quote(after, safe='')}", 303)
        code, sealed, error = _text(form, "code"), _text(form, "sealed"), ""
        if request.method == "POST":
            try:
                if stage is Stage.ENROLL:
                    entrance = await self._door.ask(sign_in.set_second_factor, token, sealed, code)
                else:
                    entrance = await self._door.ask(sign_in.give_second_factor, token, code)
            except RefusedError as refused:
                error = str(refused)
            else:
                return await self._go_on(request, entrance, after)
        status = _UNAUTHORIZED if error else 200
        if stage is Stage.SECOND:
            return self._page("second", status, after=after, error=error)
        name, secret, sealed = await self._door.ask(sign_in.propose_second_factor, token, sealed)
        qr = segno.make(address_for_app(secret, name)).svg_data_uri(scale=5)
        shown = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return self._page(
            "enroll", status, after=after, error=error, qr=qr, secret=shown, sealed=sealed
        )

    async def _password(self, request: Request) -> Response:
        if request.method != "POST":
            return self._page("password")
        form = await request.form()
        token = self._door.token(request.scope)
        try:
            entrance = await self._door.ask(
                sign_in.change_password, token, _text(form, "former"), _twice(form)
            )
        except ConsentError as error:
            status = _UNAUTHORIZED if isinstance(error, RefusedError) else _INVALID
            return self._page("password", status, error=str(error))
        return await self._go_on(request, entrance, "/")

    async def _token(self, request: Request) -> Response:
        here: Present = request.scope["likeness.present"]
        until = self._door.services.local(here.session.ends_at)
        if request.method != "POST":
            return self._page("token", until=clock_time(until))
        try:
            token = await self._door.ask(token_for_command, here.session.id)
        except RefusedError as error:
            return self._page("wait", _UNAUTHORIZED, error=str(error))
        return self._page("token", until=clock_time(until), token=token)

    async def _demo(self, request: Request) -> Response:
        form = await request.form()
        try:
            entrance = await self._door.ask(open_demo, _text(form, "name"))
        except ConsentError as error:
            return self._page("wait", _UNAUTHORIZED, error=str(error))
        return await self._go_on(request, entrance, own_address(_text(form, "after")))

    async def _sign_out(self, request: Request) -> Response:
        await self._door.end(request.scope)
        response = RedirectResponse("/sign-in?out", 303)
        response.delete_cookie(self._door.cookie_name(request.scope), path="/")
        return response

    async def _go_on(self, request: Request, entrance: sign_in.Entrance, after: str) -> Response:
        # Whoever was signed in here before is no more: another tab would go on under their name.
        await self._door.end(request.scope)
        where = after
        if entrance.session.stage is not Stage.OPEN:
            where = f"/sign-in/second?after={quote(after, safe='')}"
        return self._door.let_in(RedirectResponse(where, 303), request.scope, entrance.token)

    def _page(self, page: str, status: int = 200, /, **said: object) -> Response:
        library = self._door.services.policy.library
        template = self._templates.get_template(f"{page}.html")
        return HTMLResponse(template.render(library=library, **said), status)


class _Tries:
    """When somebody guessed, by where they are."""

    def __init__(self) -> None:
        self._made: dict[str, list[float]] = {}

    def begin(self, where: str, now: float) -> bool:
        """Count a try before it is known how it ends, as many may come at once; False if too many.

        `now` is in seconds, of a clock that never goes back.
        """
        made = [at for at in self._made.pop(where, ()) if now - at < _WITHIN_SECONDS]
        left = len(made) < _GUESSES
        self._made[where] = [*made, now] if left else made
        if len(self._made) > _MOST_ADDRESSES:
            # Whoever has a network of them would fill the memory: the longest ago go.
            del self._made[next(iter(self._made))]
        return left

    def was_none(self, where: str, at: float) -> None:
        """Count no more what was no wrong guess."""
        if at in (made := self._made.get(where, [])):
            made.remove(at)


def _network_of(address: str) -> str:
    """Return an address, of IPv6 the network that one computer has for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found.packed, _OF_ONE_COMPUTER), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


async def _style(_request: Request) -> Response:
    return FileResponse(_HERE / "static" / "style.css")


async def _icon(_request: Request) -> Response:
    return FileResponse(_HERE / "static" / "icon.png")


async def _state(_request: Request) -> Response:
    """Answer who has a session, which the gate has seen to: others got 401."""
    return Response(status_code=204)


def _text(form: FormData, name: str) -> str:
    found = form.get(name)
    return found[:_MOST_LETTERS] if isinstance(found, str) else ""


def _twice(form: FormData) -> str:
    password = _text(form, "password")
    if password != _text(form, "again"):
        raise BadInputError("The two passwords differ: type the new one twice.")
    return password
