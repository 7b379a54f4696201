"""The gate: every address of the application, and what is behind it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.elements.widgets import file_uploader
from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from consent.access import accounts, demo, present, sign_in, tokens
from consent.domain.access import AccountKind
from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.services import Services
from consent.web import sign_in_pages
from consent.web.application import web_app
from consent.web.door_file import DoorFile, Proxy, Server
from consent.web.gate import OPEN_PATHS, Door, Gate
from consent.web.openings import Openings
from tests.integration.web_cases import ADDRESS, ADMIN, PASSWORD, cookie_of, made
from tests.staff import token_of

PAGE = {"accept": "text/html"}
WS = ADDRESS.replace("http", "ws")
SOCKET = f"{WS}/_stcore/stream"


@pytest.fixture
def ana(services: Services) -> str:
    return made(services, "Ana Ruiz")


@pytest.fixture(autouse=True)
def _refused_at_once(monkeypatch):
    monkeypatch.setattr(sign_in_pages, "REFUSED_AFTER_SECONDS", 0)


@pytest.fixture
def app(services: Services):
    yield web_app(services, DoorFile())
    # Streamlit allows one in a process.
    Runtime._instance = None


@pytest.fixture
def client(app) -> Iterator[TestClient]:
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        yield client


def every_address(app) -> list[tuple[str, str]]:
    """Return method and path of all that is registered, as the application itself knows it."""
    found = []
    for route in app._starlette_app.routes:
        path = re.sub(r"{[^}]*}", "x", route.path)
        if isinstance(route, Mount):
            found += [("GET", f"{path}/index.html"), ("HEAD", f"{path}/"), ("GET", f"{path}/x.js")]
        elif isinstance(route, Route):
            found += [(method, path) for method in route.methods]
    return found


def test_without_a_session_every_address_is_shut(app, client):
    addresses = every_address(app)
    shut = [(method, path) for method, path in addresses if path not in OPEN_PATHS]

    assert {("PUT", "/_stcore/upload_file/x/x"), ("GET", "/media/x")} <= set(shut)
    assert len(shut) > 25
    for method, path in [*shut, ("GET", "/"), ("GET", "//sign-in"), ("GET", "/sign-in/../media/x")]:
        answer = client.request(method, path, headers={"content-length": "0"})
        assert answer.status_code == 401, (method, path)
        assert not answer.content.startswith(b"<"), (method, path)
        assert "set-cookie" not in answer.headers
    for route in app._starlette_app.routes:
        if isinstance(route, WebSocketRoute):
            with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):
                client.websocket_connect(f"{WS}{route.path}").__enter__()


def test_a_browser_without_a_session_is_sent_to_the_sign_in_and_back(client, services, ana):
    sent = client.get("/register?case=7", headers=PAGE)
    assert sent.headers["location"] == "/sign-in?after=%2Fregister%3Fcase%3D7"
    form = client.get(sent.headers["location"])
    assert 'name="after" value="/register?case=7"' in form.text

    wrong = client.post("/sign-in", data={"name": ana, "password": "no", "after": "/register"})
    assert wrong.status_code == 401
    assert "Wrong name or password" in wrong.text
    assert f'value="{ana}"' in wrong.text
    assert 'value="/register"' in wrong.text
    right = {"name": ana, "password": PASSWORD, "after": "/register?case=7"}
    opened = client.post("/sign-in", data=right)
    assert (opened.status_code, opened.headers["location"]) == (303, "/register?case=7")
    assert "HttpOnly; Path=/; SameSite=lax" in opened.headers["set-cookie"]

    assert client.get("/_stcore/health").status_code == 200
    page = client.get("/register", headers=PAGE)
    assert page.status_code == 200
    for header, value in {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
    }.items():
        assert page.headers[header] == value
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "access-control-allow-origin" not in page.headers
    # The sign-in's own pages run no scripts, and no other address is taken for one of theirs.
    policy = page.headers["content-security-policy"]
    assert client.get("/accounts", headers=PAGE).headers["content-security-policy"] == policy

    token_page = client.post("/account/token").text
    assert re.search(r"holds until\s+\d{1,2}:\d\d [AP]M, or", token_page)

    # Other programs of this host put anything into their cookies.
    token = client.cookies["likeness"]
    client.cookies.clear()
    for other in ('a={"x":1, "y":2}', "two words", "\u00e9=1", "a[b]=1", 'c="open'):
        cookie = f"{other}; likeness={token}".encode()
        assert client.get("/account/state", headers={"cookie": cookie}).status_code == 204, other
    client.cookies["likeness"] = token

    out = client.post("/sign-out")
    assert out.headers["location"] == "/sign-in?out"
    assert client.get("/_stcore/health").status_code == 401


def test_the_bare_address_leads_everybody_to_their_first_page(client, services, ana):
    for name in (ana, made(services, "Cy", Role.PRINT_EDITOR)):
        here = cookie_of(services, name) | PAGE
        assert client.get("/?x=1", headers=here).headers["location"] == "/home?x=1"
        assert client.get("/home", headers=here).status_code == 200


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-out", "x"]
)
def test_the_sign_in_leads_nowhere_else(client, ana, after):
    answer = client.post("/sign-in", data={"name": ana, "password": PASSWORD, "after": after})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8501"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "127.0.0.1@evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8501"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8501/x"},
    ],
)
def test_foreign_hosts_and_origins_are_refused_whoever_asks(client, services, ana, headers):
    headers = cookie_of(services, ana) | headers
    for method, path in (("GET", "/"), ("GET", "/sign-in"), ("POST", "/sign-in")):
        assert client.request(method, path, headers=headers).status_code == 403
    with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):
        client.websocket_connect(SOCKET, headers=headers).__enter__()


def test_too_much_at_once_is_refused(client, services, ana):
    assert client.post("/sign-in", content=b"x" * 70_000).status_code == 413

    def endless():
        for _ in range(100):
            yield b"name=" + b"x" * 1000

    for path in ("/sign-in", "/_stcore/upload_file/x/x"):
        assert client.post(path, content=endless()).status_code == 411
    put = client.put("/_stcore/upload_file/x/x", content=b"x", headers=cookie_of(services, ana))
    assert put.status_code == 403


def opened_page(client: TestClient, cookie: dict[str, str], existing: str = ""):
    """Open Streamlit's socket as its pages do."""
    protocols = ["streamlit", "x", *([existing] if existing else [])]
    return client.websocket_connect(SOCKET, subprotocols=protocols, headers=cookie)


@pytest.fixture
def openings(monkeypatch) -> list[Openings]:
    made_here: list[Openings] = []
    begin = Openings.__init__

    def remembered(self) -> None:
        begin(self)
        made_here.append(self)

    monkeypatch.setattr(Openings, "__init__", remembered)
    return made_here


def test_media_and_uploads_belong_to_the_session_that_made_them(openings, services, ana, client):
    bo = made(services, "Bo Chen")
    of_ana, of_bo = cookie_of(services, ana), cookie_of(services, bo)
    runtime = Runtime.instance()
    with opened_page(client, of_ana), opened_page(client, of_bo):
        anas, bos = list(openings[0]._owners)
        media = runtime.media_file_mgr
        media._deferred_callables["later"] = {
            "callable": lambda: b"face",
            "mimetype": "image/png",
            "filename": "receipt.png",
            "session_id": anas,
        }
        address = media.execute_deferred("later")

        mine = client.get(address, headers=of_ana)
        assert (mine.content, mine.headers["cache-control"]) == (b"face", "no-store")
        assert client.get(address, headers=of_bo).status_code == 403
        assert client.get(address).status_code == 401
        assert client.get("/media/none.png", headers=of_ana).status_code == 404
        for method in ("PUT", "DELETE"):
            upload = f"/_stcore/upload_file/{anas}/f"
            assert client.request(method, upload, headers=of_bo, content="x").status_code == 403

        # A session id of somebody else's gets a fresh session.
        with opened_page(client, of_bo, anas):
            owners = openings[0]._owners
            assert list(owners) == [anas, bos, *set(owners) - {anas, bos}]
            assert list(owners.values()) == [owners[anas], owners[bos], owners[bos]]

        assert client.post("/sign-out", headers=of_ana).status_code == 303
        assert client.get(address, headers=of_bo).status_code == 404
        assert anas not in openings[0]._owners


def test_uploads_have_a_quota_for_each_and_for_all(openings, services, ana, monkeypatch):
    small = replace(
        services,
        settings=services.settings.model_copy(
            update={"max_session_upload_bytes": 10_000, "max_server_upload_bytes": 15_000}
        ),
    )
    of_ana, of_bo = cookie_of(services, ana), cookie_of(services, made(services, "Bo Chen"))
    try:
        with (
            TestClient(web_app(small, DoorFile()), base_url=ADDRESS) as client,
            opened_page(client, of_ana),
            opened_page(client, of_bo),
        ):
            kept = Runtime.instance().uploaded_file_mgr
            anas, bos = list(openings[0]._owners)
            for begun in (anas, bos):
                file = UploadedFileRec("f", "a.jpg", "image/jpeg", b"x" * 7_000)
                kept.add_file(begun, file)

            def put(begun: str, cookie: dict[str, str], size: int) -> int:
                address = f"/_stcore/upload_file/{begun}/g"
                return client.put(address, content=b"x" * size, headers=cookie).status_code

            assert put(anas, of_ana, 4_000) == 413
            assert put(anas, of_ana, 2_000) == 507
            # Streamlit's own check of the form comes after the gate.
            assert put(bos, of_bo, 500) == 403
    finally:
        Runtime._instance = None


def test_what_is_dropped_lies_on_the_disk_until_it_is_taken_back_or_its_session_ends(
    openings, services, ana
):
    of_ana, sent = cookie_of(services, ana), generate_xsrf_token_string()
    headers = {"cookie": f"{of_ana['cookie']}; _streamlit_xsrf={sent}", "x-xsrftoken": sent}
    content = b"line\n" * 400_000
    app = web_app(services, DoorFile())
    uploads = services.settings.uploads
    try:
        with TestClient(app, base_url=ADDRESS) as client, opened_page(client, of_ana):
            (begun,) = openings[0]._owners
            manager = Runtime.instance().uploaded_file_mgr

            def put(name: str, **more: object) -> int:
                files = {"file": ("a.jpg", content, "image/jpeg")} | more
                address = f"/_stcore/upload_file/{begun}/{name}"
                return client.put(address, files=files, headers=headers).status_code

            assert [put("one"), put("two"), put("two"), put("three")] == [204] * 4
            assert put("four", other=("b.jpg", b"", "image/jpeg")) == 400
            assert len(on_disk(uploads)) == 3
            assert {path.stat().st_mode & 0o777 for path in on_disk(uploads)} <= {0o600, 0o666}
            (record,) = manager.get_files(begun, ["one"])
            assert openings[0].uploaded(openings[0]._owners[begun])[0] == 3 * len(content)

            file = file_uploader.UploadedFile(record, None)
            assert (file.name, file.type, file.size) == ("a.jpg", "image/jpeg", len(content))
            assert file.read(3) + file.read() == content == file.getvalue()
            assert file.seek(5) == file.tell() == 5
            assert next(iter(file)) == file.readline() == b"line\n"
            into = bytearray(4)
            assert (file.readinto(into), bytes(into)) == (4, b"line")

            client.delete(f"/_stcore/upload_file/{begun}/one", headers=headers)
            assert len(on_disk(uploads)) == 3, "somebody reads it"
            del file, record
            assert len(on_disk(uploads)) == 2
            client.post("/sign-out", headers=of_ana)
            assert on_disk(uploads) == []
    finally:
        Runtime._instance = None
    assert list(uploads.glob("*")) == []


def on_disk(uploads: Path) -> list[Path]:
    return [path for path in uploads.rglob("*") if path.is_file()]


def test_uploads_that_come_at_once_have_one_quota(openings, services, ana):
    settings = services.settings.model_copy(update={"max_session_upload_bytes": 10_000})
    of_ana = cookie_of(services, ana)
    try:
        app = web_app(replace(services, settings=settings), DoorFile())
        with (
            TestClient(app, base_url=ADDRESS) as client,
            opened_page(client, of_ana),
        ):
            (begun,) = openings[0]._owners
            sent = generate_xsrf_token_string()
            headers = {
                "cookie": f"{of_ana['cookie']}; _streamlit_xsrf={sent}",
                "x-xsrftoken": sent,
                "host": "127.0.0.1",
                "content-length": "7000",
                "content-type": "multipart/form-data; boundary=x",
            }
            answers: list[int] = []

            async def put(number: int, arrives: anyio.Event, refused: anyio.Event) -> None:
                async def receive() -> Message:
                    await arrives.wait()
                    return {"type": "http.request", "body": b"x" * 7000}

                async def send(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        answers.append(message["status"])
                        if len(answers) == 2:
                            refused.set()

                path = f"/_stcore/upload_file/{begun}/{number}"
                raw = [(name.encode(), value.encode()) for name, value in headers.items()]
                asked = {"method": "PUT", "path": path, "raw_path": path.encode(), "headers": raw}
                about = {"query_string": b"", "scheme": "http", "client": ("127.0.0.1", 1)}
                server = {"type": "http", "server": ("127.0.0.1", 80), "http_version": "1.1"}
                await app({**asked, **about, **server}, receive, send)

            async def three_at_once() -> None:
                arrives, refused = anyio.Event(), anyio.Event()
                async with anyio.create_task_group() as together:
                    for number in range(3):
                        together.start_soon(put, number, arrives, refused)
                    with anyio.move_on_after(2):
                        await refused.wait()
                    arrives.set()

            client.portal.call(three_at_once)
            assert answers[:2] == [413, 413]
            assert answers[2] != 413
            # What came to nothing is not counted any more.
            assert openings[0].uploaded(next(iter(openings[0]._owners.values()))) == (0, 0)
    finally:
        Runtime._instance = None


async def what_came(request: Request) -> JSONResponse:
    return JSONResponse(dict(request.headers))


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


def behind_a_gate(services: Services, file: DoorFile | None = None, **more: object) -> TestClient:
    """Something behind a gate that tells what reaches it."""
    routes = [Route("/what-came", what_came), WebSocketRoute("/echo", echo)]
    door = Door(services, file or DoorFile(), **more)
    client = TestClient(Gate(Starlette(routes=routes), door, {}), base_url=ADDRESS)
    client.app_door = door
    return client


def test_nobody_says_in_a_header_who_they_are(services, ana):
    client = behind_a_gate(services)
    said = {"x-likeness-session": "forged", "Remote-User": "root", "x-forwarded-user": "root"}
    assert client.get("/what-came", headers=said).status_code == 401

    came = client.get("/what-came", headers=cookie_of(services, ana) | said).json()
    assert came["x-likeness-session"] not in {"", "forged"}
    assert not {"remote-user", "x-forwarded-user"} & set(came)


def test_a_socket_is_closed_when_its_session_ends(services, ana):
    client = behind_a_gate(services)
    entrance = sign_in.sign_in(services, ana, PASSWORD)
    cookie = {"cookie": f"likeness={entrance.token}"}
    with client.websocket_connect(f"{WS}/echo", headers=cookie) as socket:
        socket.send_text("here")
        assert socket.receive_text() == "here"
        openings = client.app_door.openings
        assert openings.sessions() == {entrance.session.id}
        socket.portal.call(openings.close, entrance.session.id)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert openings.sessions() == set()


def test_a_token_of_the_command_line_or_of_a_timer_opens_no_page(services, ana):
    employed = Actor(ana, Role.DESK)
    accounts.add_account(services, "nightly", [Role.DESK], ADMIN, kind=AccountKind.SERVICE)
    client = behind_a_gate(services)
    page = sign_in.sign_in(services, ana, PASSWORD)
    for token in (
        token_of(services, employed),
        tokens.token_for_command(services, page.session.id),
        tokens.make_token(services, "nightly", "", 30, ADMIN),
    ):
        cookie = {"cookie": f"likeness={token}"}
        assert client.get("/what-came", headers=cookie).status_code == 401
        here = present.by_token(services, token)
        assert here is not None
        # Nor does it make another, so that nobody goes on for days without a password.
        with pytest.raises(sign_in.SignInLapsedError):
            tokens.token_for_command(services, here.session.id)


def test_a_token_made_on_a_page_ends_when_the_sign_in_ends(services, ana):
    page = sign_in.sign_in(services, ana, PASSWORD)
    later = replace(services, now=lambda: services.now() + timedelta(minutes=20))
    here = present.by_token(later, tokens.token_for_command(later, page.session.id))
    assert here is not None
    assert here.session.ends_at <= page.session.ends_at + timedelta(seconds=1)


def test_an_address_of_the_sign_in_that_is_not_there_shows_nothing(client):
    for path in ("/sign-in/demo", "/sign-in/provider", "/sign-in/provider/back"):
        assert client.get(path).status_code == 401, path


@pytest.mark.parametrize("ends", ["sign out", "lock", "roles", "reset", "expire"])
def test_an_ended_session_opens_nothing(services, ana, ends):
    client = behind_a_gate(services)
    cookie = cookie_of(services, ana)
    assert client.get("/what-came", headers=cookie).status_code == 200
    if ends == "sign out":
        sign_in.sign_out(services, cookie["cookie"].partition("=")[2])
    elif ends == "lock":
        accounts.lock_account(services, ana, ADMIN)
    elif ends == "roles":
        accounts.change_roles(services, ana, [Role.RECORDS], ADMIN)
    elif ends == "reset":
        accounts.reset_account(services, ana, ADMIN)
    else:
        later = services.now() + timedelta(minutes=31)
        client = behind_a_gate(replace(services, now=lambda: later))
    assert client.get("/what-came", headers=cookie).status_code == 401
    with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):
        client.websocket_connect(f"{WS}/echo", headers=cookie).__enter__()


def test_a_sign_in_that_lacks_the_second_step_opens_nothing(services):
    name = made(services, "Di Rossi", Role.DIRECTOR)
    client = behind_a_gate(services)
    assert client.get("/what-came", headers=cookie_of(services, name)).status_code == 401


def test_the_demonstration_opens_itself_on_the_samples_and_nowhere_else(services):
    with pytest.raises(demo.NotTheSamplesError):
        demo.open_demo(services)
    assert behind_a_gate(services, demo=True).get("/what-came", headers=PAGE).status_code == 401
    demo.prepare_demo(services)
    client = behind_a_gate(services, demo=True)
    assert client.get("/what-came").status_code == 401
    assert client.get("/what-came", headers=PAGE).status_code == 200
    token = client.cookies["likeness"]
    afresh = TestClient(client.app, base_url=ADDRESS, follow_redirects=False)
    for path in ("//evil.example/x", "/\\evil.example/x"):
        where = afresh.get(f"{ADDRESS}{path}", headers=PAGE).headers["location"]
        assert where == "/evil.example/x"
        afresh.cookies.clear()

    # Its session is none for a server that was not started so, nor once somebody has an account.
    strict = behind_a_gate(services).get("/what-came", headers={"cookie": f"likeness={token}"})
    assert strict.status_code == 401
    made(services, "Root", Role.ADMIN)
    assert behind_a_gate(services, demo=True).get("/what-came", headers=PAGE).status_code == 401
    assert client.get("/what-came", headers=PAGE).status_code == 401


@pytest.fixture
def proxied(services, ana, tmp_path) -> DoorFile:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    return DoorFile(
        server=Server(hosts=("likeness.example",)),
        proxy=Proxy(peers=("10.1.2.3",), user_header="X-Remote-User", secret_file=secret),
    )


def test_a_proxy_says_who_somebody_is_by_its_address_and_a_secret(services, ana, proxied):
    made(services, "Zoë Ångström")
    right = {
        "host": "likeness.example",
        "x-remote-user": ana,
        "x-likeness-proxy-secret": "s" * 40,
        "x-forwarded-proto": "https",
    }

    def asked(peer: str, headers: dict[str, str]):
        client = behind_a_gate(services, proxied)
        client._transport.client = (peer, 1234)
        return client.get("/what-came", headers=headers)

    came = asked("10.1.2.3", right)
    assert came.status_code == 200
    assert "max-age" in came.headers["strict-transport-security"]
    assert not {"x-remote-user", "x-likeness-proxy-secret"} & set(came.json())
    again = asked("10.1.2.3", right).json()["x-likeness-session"]
    assert again == came.json()["x-likeness-session"]
    spelled = right | {"x-remote-user": "Zoë Ångström".encode()}
    assert asked("10.1.2.3", spelled).status_code == 200
    assert asked("10.1.2.4", right).status_code == 401
    assert asked("10.1.2.3", right | {"x-likeness-proxy-secret": "guess"}).status_code == 401
    assert asked("10.1.2.3", right | {"x-remote-user": "Nobody"}).status_code == 401
    without = {name: value for name, value in right.items() if "secret" not in name}
    assert asked("10.1.2.3", without).status_code == 401
    accounts.lock_account(services, ana, ADMIN)
    assert asked("10.1.2.3", right).status_code == 401


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[server]\naddress = "0.0.0.0"', "needs TLS"),
        ('[server]\naddress = "192.168.1.5"\nhosts = ["a"]', "needs TLS"),
        ('[server]\naddress = "::"\n[proxy]\npeers = ["10.0.0.1"]', "name under"),
        ('[proxy]\npeers = ["10.0.0.1"]\nuser_header = "X-User"', "shared secret"),
        ('[proxy]\npeers = []\nuser_header = "X-User"\nsecret_file = "x"', "peers"),
        ('[proxy]\npeers = ["0.0.0.0/0"]', "everybody"),
        ('[proxy]\npeers = ["10.0.0.1"]\nuser_header = "X"\nsecret_file = "/none"', "cannot be"),
        ('[server]\nhosts = ["https://x"]', "name alone"),
        ("[server]\nport = 1", "port"),
        ('[server]\ncertificate = "x"', "both"),
        ('[oidc]\nissuer = "http://x.example"\nclient_id = "l"\nroles = {desk = ["a"]}', "https"),
    ],
)
def test_a_door_that_would_not_be_safe_does_not_open(tmp_path, text, said):
    from consent.web.door_file import read_door

    file = tmp_path / "door.toml"
    file.write_text(text)
    with pytest.raises(SetupError, match=said):
        read_door(file)


def test_a_refusal_takes_as_long_whether_the_name_is_known_or_not(client, ana, monkeypatch):
    monkeypatch.setattr(sign_in_pages, "REFUSED_AFTER_SECONDS", 0.25)
    for name in (ana, "Nobody"):
        begun = time.perf_counter()
        assert client.post("/sign-in", data={"name": name, "password": "y"}).status_code == 401
        assert time.perf_counter() - begun >= 0.25


def test_who_signs_in_takes_the_place_of_whoever_was_signed_in_here(client, services, ana):
    before = cookie_of(services, ana)
    other = made(services, "Bo", Role.PRINT_EDITOR)
    answer = client.post("/sign-in", data={"name": other, "password": PASSWORD}, headers=before)
    assert answer.status_code == 303
    client.cookies.clear()
    assert client.get("/account/state", headers=before).status_code == 401


def test_guesses_from_one_address_come_to_an_end(client, ana, monkeypatch):
    for _ in range(31):
        # What watches over a server asks so, and guesses nothing.
        assert client.head("/sign-in").status_code == 200
    monkeypatch.setattr(sign_in_pages, "_MOST_ADDRESSES", 1)
    # Who is let in has guessed nothing.
    right = {"name": ana, "password": PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 303
    monkeypatch.setattr(sign_in_pages, "REFUSED_AFTER_SECONDS", 0.25)

    def guess(_: int) -> int:
        return client.post("/sign-in", data={"name": "x", "password": "y"}).status_code

    # Nor are more of them tried where many come at once.
    with ThreadPoolExecutor(40) as together:
        assert sorted(together.map(guess, range(40))) == [401] * 30 + [429] * 10
    answer = client.post("/sign-in", data={"name": ana, "password": PASSWORD})
    assert answer.status_code == 429


def test_a_computer_with_many_addresses_guesses_no_more_often(client, monkeypatch):
    monkeypatch.setattr(sign_in_pages, "_GUESSES", 2)

    def guess(address: str) -> int:
        client._transport.client = (address, 1234)
        return client.post("/sign-in", data={"name": "x", "password": "y"}).status_code

    assert [guess(f"2001:db8::{number}") for number in range(3)] == [401, 401, 429]
    assert [guess(f"2001:db8:0:1::{number}") for number in range(3)] == [401, 401, 429]
    assert [guess(at) for at in ("10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1")] == [401, 401, 429]
    assert guess("10.0.0.2") == 401


def test_another_role_of_the_demonstration_goes_on_at_the_same_page(services: Services):
    demo.prepare_demo(services)
    app = web_app(services, DoorFile(), demo=True)
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        shown = client.get("/sign-in?ended&after=%2Frecord%3Fx%3D1", headers=PAGE).text
        assert 'name="after" value="/record?x=1"' in shown
        chosen = {"name": "Demo desk", "after": "/record?x=1"}
        assert client.post("/sign-in/demo", data=chosen).headers["location"] == "/record?x=1"
        elsewhere = {**chosen, "after": "https://example.org/"}
        assert client.post("/sign-in/demo", data=elsewhere).headers["location"] == "/"
    Runtime._instance = None
