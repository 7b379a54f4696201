"""The gate before everything: who is not let in sees nothing of what is behind it.

Whatever is not one of the sign-in's own addresses needs a session: 401 without one, 403 for a
WebSocket. A foreign Host or Origin is refused before Streamlit hears of it: at every Origin that it
does not know it would ask a server on the network for its own address.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir
from streamlit.proto.BackMsg_pb2 import BackMsg

from consent.access import present, sign_in
from consent.access.demo import open_demo
from consent.access.menu import open_to
from consent.access.present import Present
from consent.access.proxy import sign_in_by_proxy
from consent.domain.access import Session, SessionKind
from consent.domain.errors import ConsentError, SetupError
from consent.services import Services
from consent.web.door_file import DoorFile
from consent.web.dropped import DroppedFiles
from consent.web.openings import SESSION_HEADER, Openings

_LOG = logging.getLogger(__name__)

# The sign-in's own addresses, and what its pages need: nothing else is open.
OPEN_PATHS = frozenset(
    {
        "/sign-in",
        "/sign-in/code",
        "/sign-in/second",
        "/sign-in/demo",
        "/sign-in/provider",
        "/sign-in/provider/back",
        "/sign-in/style.css",
        "/sign-in/icon.png",
    }
)
_MEDIA = "/media/"
_UPLOAD = "/_stcore/upload_file/"
# What a browser asks for by itself, whether anybody sits before it or not.
_NO_ACTIVITY = frozenset({"/_stcore/health", "/_stcore/host-config", "/account/state"})
# Addresses of Streamlit's that nobody needs here.
_SHUT = ("/_stcore/metrics", "/_stcore/script-health-check", "/auth/", "/_stcore/agent")
_IDENTITY_HEADERS = frozenset({"remote-user", "x-remote-user", "x-forwarded-user", "x-auth-user"})
PROXY_SECRET_HEADER = "x-likeness-proxy-secret"  # noqa: S105 - the name of a header
_MOST_FORM_BYTES = 64 * 1024
_CLOSED = 1008
_LOOKS_EVERY_SECONDS = 2.0
_NOTES_EVERY_SECONDS = 30.0
# Looked up beside everything else, so that a busy database holds up nobody's pictures.
_LOOKUPS = 8
# Each costs a processor some hundredths of a second: many at once would be felt by all.
_PASSWORDS = 2
_HASHED = (sign_in.sign_in, sign_in.choose_password, sign_in.change_password)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}
# Streamlit styles elements one by one, and its charts and components make code of text.
_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: {scripts}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self' {socket} data: blob:; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_SIGN_IN_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Door:
    """What the gate and the pages of the sign-in share."""

    def __init__(self, services: Services, file: DoorFile, *, demo: bool = False) -> None:
        """Open a door.

        Args:
            services: over the data home behind it.
            file: how it is reached, and who may say who somebody is.
            demo: opened with the sample photos, without a sign-in.

        Raises:
            DoorError: a secret cannot be read.
        """
        self.services, self.file, self.demo = services, file, demo
        self.openings = Openings()
        self.dropped = DroppedFiles(services.settings.uploads)
        self._lookups = CapacityLimiter(_LOOKUPS)
        self._hashing = CapacityLimiter(_PASSWORDS)
        proxy = file.proxy
        self.user_header = proxy.user_header.lower() if proxy is not None else ""
        self._proxy_secret = proxy.secret() if proxy is not None and self.user_header else ""

    async def ask(self, question: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - any use case
        """Run a use case beside the event loop."""
        work = partial(question, self.services, *given, **named)
        limiter = self._hashing if question in _HASHED else self._lookups
        return await to_thread.run_sync(work, limiter=limiter)

    def is_secure(self, scope: Scope) -> bool:
        """Say whether the browser speaks TLS, with this program or with the declared proxy."""
        if scope["scheme"] in {"https", "wss"}:
            return True
        forwarded = Headers(scope=scope).get("x-forwarded-proto", "")
        return self.from_proxy(scope) and forwarded.split(",")[-1].strip() == "https"

    def from_proxy(self, scope: Scope) -> bool:
        """Say whether a request comes from the declared proxy."""
        return self.file.proxy is not None and self.file.proxy.is_peer(_peer(scope))

    def named_by_proxy(self, scope: Scope) -> str:
        """Return who it is, if the declared proxy says so and knows the secret; else nothing."""
        headers = Headers(scope=scope)
        given = headers.get(PROXY_SECRET_HEADER, "")
        names = headers.getlist(self.user_header) if self.user_header else []
        if len(names) != 1 or not self.from_proxy(scope):
            return ""
        right = secrets.compare_digest(given.encode(), self._proxy_secret.encode())
        return _in_utf8(names[0]) if right else ""

    def browser_address(self, scope: Scope) -> str:
        """Return whose request it is, as far as that is known."""
        if self.from_proxy(scope):
            forwarded = Headers(scope=scope).get("x-forwarded-for", "").split(",")[-1].strip()
            return forwarded or _peer(scope)
        return _peer(scope)

    def cookie_name(self, scope: Scope) -> str:
        """Return the name of the session's cookie."""
        return "__Host-likeness" if self.is_secure(scope) else "likeness"

    def token(self, scope: Scope) -> str:
        """Return the token that a browser sent; empty if it sent none."""
        # Read as browsers write them: other programs of this host may put anything into theirs.
        return cookie_parser(Headers(scope=scope).get("cookie", "")).get(
            self.cookie_name(scope), ""
        )

    async def present(self, scope: Scope) -> Present | None:
        """Return who is here, by the cookie that came."""
        token = self.token(scope)
        found: Present | None = await self.ask(present.by_token, token) if token else None
        # A token of the command line or of a service opens no page: it outlives the sign-in.
        if found is None or found.session.kind is not SessionKind.WEB:
            return None
        return None if found.is_demo and not self.demo else found

    async def end(self, scope: Scope) -> None:
        """End the session of the browser that asks, and whatever is open in it."""
        token = self.token(scope)
        ended: Session | None = await self.ask(sign_in.sign_out, token) if token else None
        if ended is not None:
            self.openings.close(ended.id)

    def let_in(self, response: Response, scope: Scope, token: str) -> Response:
        """Give the browser the token of its session."""
        response.set_cookie(
            self.cookie_name(scope),
            token,
            path="/",
            secure=self.is_secure(scope),
            httponly=True,
            samesite="lax",
        )
        return response


class Gate:
    """Middleware that lets in whoever has a session, and tells those behind it whose it is."""

    def __init__(
        self, app: ASGIApp, door: Door, open_to_all: Mapping[str, Collection[str]]
    ) -> None:
        """Stand before an application.

        Args:
            open_to_all: the addresses of the sign-in that there are, with their methods.
        """
        self._app, self._door = app, door
        self._open = {path: open_to_all[path] for path in OPEN_PATHS & open_to_all.keys()}
        self._scripts = _scripts_of_streamlit()
        self._noted: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    # -- requests --------------------------------------------------------------------------------

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = self._with_headers(scope, send)
        refused = self._foreign(scope) or self._too_large(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        path: str = scope["path"]
        found = await self._found(scope)
        if found is None and scope["method"] not in self._open.get(path, ()):
            await (await self._turned_away(scope))(scope, receive, send)
            return
        scope = _marked(scope, found)
        if found is not None:
            if path not in _NO_ACTIVITY and path not in OPEN_PATHS:
                self._note(found.session)
            refused = self._not_theirs(scope, found.session.id)
            if refused is not None:
                await refused(scope, receive, send)
                return
            if path == "/" and _reads_page(scope):
                first = f"/{open_to(found.actor, self._door.services.policy)[0]}{_query(scope)}"
                await RedirectResponse(first, 303)(scope, receive, send)
                return
            if path.startswith(_UPLOAD):
                with self._door.openings.receiving(found.session.id, _length(scope)):
                    await self._upload(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, _, file_id = scope["path"].removeprefix(_UPLOAD).partition("/")
        if scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        answer = await self._door.dropped.put(Request(scope, receive), begun, file_id)
        await answer(scope, receive, send)

    async def _found(self, scope: Scope) -> Present | None:
        try:
            found = await self._door.present(scope)
            if found is None and (name := self._door.named_by_proxy(scope)):
                found = await self._door.ask(sign_in_by_proxy, name)
        except SetupError:
            # The database is gone or busy: nobody is known, so nobody is let in.
            _LOG.exception("Nobody is let in: the database does not answer.")
            return None
        return found

    def _foreign(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return PlainTextResponse("This server is not called so.", 403)
        origins = headers.getlist("origin")
        is_same = len(origins) == 1 and self._is_same(origins[0], hosts[0], scope)
        from_elsewhere = headers.get("sec-fetch-site") == "cross-site"
        if (origins and not is_same) or (from_elsewhere and scope.get("method") != "GET"):
            return PlainTextResponse("Another site asks: refused.", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        name, _ = _split_host(host)
        return name in self._door.file.hosts

    def _is_same(self, origin: str, host: str, scope: Scope) -> bool:
        try:
            found = urlsplit(origin)
        except ValueError:
            return False
        schemes = {"https"} if self._door.is_secure(scope) else {"http"}
        if found.scheme not in schemes or found.path or found.query:
            return False
        usual = 443 if found.scheme == "https" else 80
        theirs, ours = _split_host(found.netloc), _split_host(host)
        return theirs[0] == ours[0] and (theirs[1] or usual) == (ours[1] or usual)

    def _too_large(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        if not declared.isascii() or not declared.isdigit():
            return PlainTextResponse("The length is not a number.", 400)
        # Whoever sends a body says how long it is, and the server reads no more.
        if "transfer-encoding" in headers:
            return PlainTextResponse("Say how long it is.", 411)
        if int(declared) > _MOST_FORM_BYTES and not scope["path"].startswith(_UPLOAD):
            return PlainTextResponse("Too much at once.", 413)
        return None

    async def _turned_away(self, scope: Scope) -> Response:
        path = scope["path"]
        if not _reads_page(scope) or path.startswith(("/_stcore", _MEDIA, "/component", "/static")):
            return PlainTextResponse("Sign in first: /sign-in", 401)
        # Two slashes at the start would name another site.
        after = "/" + path.lstrip("/\\") + _query(scope)
        if self._door.demo:
            try:
                entrance = await self._door.ask(open_demo)
            except ConsentError as error:
                return PlainTextResponse(str(error), 401)
            return self._door.let_in(RedirectResponse(after, 303), scope, entrance.token)
        where = "/sign-in" if after == "/" else f"/sign-in?after={quote(after, safe='')}"
        return RedirectResponse(where, 303)

    def _not_theirs(self, scope: Scope, session_id: str) -> Response | None:
        path, openings = scope["path"], self._door.openings
        if path.startswith(_SHUT):
            return PlainTextResponse("Not found", 404)
        if path.startswith(_MEDIA):
            name = path.removeprefix(_MEDIA).partition(".")[0]
            theirs = openings.shows(session_id, name)
            if theirs is None:
                return PlainTextResponse("Not found", 404)
            return None if theirs else PlainTextResponse("Not yours", 403)
        if path.startswith(_UPLOAD):
            begun = path.removeprefix(_UPLOAD).partition("/")[0]
            if not openings.owns(session_id, begun):
                return PlainTextResponse("Not yours", 403)
            if scope["method"] == "PUT":
                return self._over_quota(scope, session_id)
        return None

    def _over_quota(self, scope: Scope, session_id: str) -> Response | None:
        settings = self._door.services.settings
        comes = _length(scope)
        of_session, of_all = self._door.openings.uploaded(session_id)
        if of_session + comes > settings.max_session_upload_bytes:
            return PlainTextResponse("Too much at once: check these photos first.", 413)
        if of_all + comes > settings.max_server_upload_bytes:
            return PlainTextResponse("The server is full: try again later.", 507)
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path = scope["path"]
        host = Headers(scope=scope).get("host", "")
        socket = f"{'wss' if self._door.is_secure(scope) else 'ws'}://{host}"
        own = path.startswith(("/sign-in", "/account/"))
        policy = (
            _SIGN_IN_CSP
            if own or not self._is_ours(host)
            else _CSP.format(socket=socket, scripts=self._scripts)
        )

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                for name in [header for header in headers if header.startswith("access-control-")]:
                    del headers[name]
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
                if self._door.is_secure(scope):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                # What Streamlit itself is made of may be kept, and nothing of ours.
                if not path.startswith("/static/") or message["status"] != 200:  # noqa: PLR2004
                    headers["Cache-Control"] = "no-store"
                message = {**message, "headers": headers.raw}
            await send(message)

        return send_with_headers

    # -- sockets ---------------------------------------------------------------------------------

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None if self._foreign(scope) is not None else await self._found(scope)
        if found is None:
            # Before it is accepted, a server answers this with 403.
            await receive()
            await send({"type": "websocket.close", "code": _CLOSED})
            return
        session_id, openings = found.session.id, self._door.openings
        closing = openings.socket(session_id)
        told = asyncio.ensure_future(closing.wait())
        coming: asyncio.Future[Message] | None = None

        async def receive_until_closed() -> Message:
            nonlocal coming
            coming = coming or asyncio.ensure_future(_awaited(receive))
            either: set[asyncio.Future[Any]] = {coming, told}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if closing.is_set():
                await send({"type": "websocket.close", "code": _CLOSED})
                return {"type": "websocket.disconnect", "code": _CLOSED}
            message, coming = coming.result(), None
            if _is_activity(message):
                self._note(found.session)
            return message

        async def send_unless_closed(message: Message) -> None:
            if not closing.is_set():
                await send(message)

        try:
            await self._app(_marked(scope, found), receive_until_closed, send_unless_closed)
        finally:
            openings.gone(session_id, closing)
            told.cancel()
            if coming is not None:
                coming.cancel()

    # -- meanwhile -------------------------------------------------------------------------------

    def _note(self, session: Session) -> None:
        now = time.monotonic()
        ago = (self._door.services.now() - session.seen_at).total_seconds()
        if now - self._noted.setdefault(session.id, now - ago) < _NOTES_EVERY_SECONDS:
            return
        self._noted[session.id] = now
        task = asyncio.create_task(self._write_note(session.id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_note(self, session_id: str) -> None:
        try:
            await self._door.ask(present.note_activity, session_id)
        except SetupError:
            # The next thing that they do is written down.
            self._noted.pop(session_id, None)
            _LOG.warning("The database was busy: your activity was not noted.")


def _scripts_of_streamlit() -> str:
    """Return the hashes of the scripts that stand in Streamlit's own page, for its CSP."""
    page = Path(get_static_dir()) / "index.html"
    found = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in found)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@contextlib.asynccontextmanager
async def closing_what_ended(door: Door) -> AsyncIterator[None]:
    """Close what is open in sessions that ended, were locked out, or got other roles."""
    task = asyncio.create_task(_close_ended(door))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _close_ended(door: Door) -> None:
    while True:
        await asyncio.sleep(_LOOKS_EVERY_SECONDS)
        try:
            ended = await door.ask(present.ended_of, door.openings.sessions())
        except SetupError:
            _LOG.exception("Which sessions ended is not known: the database does not answer.")
            continue
        for session_id in ended:
            door.openings.close(session_id)


async def _awaited(receive: Receive) -> Message:
    return await receive()


def _is_activity(message: Message) -> bool:
    """Say whether a person did something: pages that count seconds ask by themselves."""
    data = message.get("bytes")
    if not data:
        return False
    asked = BackMsg()
    try:
        asked.ParseFromString(data)
    except ValueError:
        return False
    kind = asked.WhichOneof("type")
    return kind != "app_heartbeat" and not (
        kind == "rerun_script" and asked.rerun_script.is_auto_rerun
    )


def _marked(scope: Scope, found: Present | None) -> Scope:
    """Return a request without what it says of itself, and with whose it is."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if not (text := name.decode("latin-1").lower()).startswith("x-likeness-")
        and text not in _IDENTITY_HEADERS
    ]
    if found is not None:
        kept.append((SESSION_HEADER.encode(), found.session.id.encode()))
    return {**scope, "headers": kept, "likeness.present": found}


def _reads_page(scope: Scope) -> bool:
    """Say whether a browser opens an address to show it."""
    accepted = Headers(scope=scope).get("accept", "")
    return scope["method"] == "GET" and "text/html" in accepted


def _length(scope: Scope) -> int:
    return int(Headers(scope=scope).get("content-length", "0"))


def _query(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"?{query}" if query else ""


def _split_host(host: str) -> tuple[str, int | None]:
    """Return name and port of a Host; an empty name if it is none."""
    try:
        found = urlsplit(f"//{host}")
        port = found.port
    except ValueError:
        return "", None
    if found.username is not None or found.path or found.query or found.fragment:
        return "", None
    return (found.hostname or "").rstrip("."), port


def _in_utf8(text: str) -> str:
    """Return a header as the proxy meant it: names have letters that ASCII lacks."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
