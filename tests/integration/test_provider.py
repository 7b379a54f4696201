"""Sign-in by a real provider of OpenID Connect, which the test starts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from oidc_provider_mock import User, run_server_in_thread
from starlette.testclient import TestClient
from streamlit.runtime import Runtime

import consent.cli
from consent.access import accounts
from consent.access.present import by_token
from consent.access.provider import sign_in_introduced
from consent.access.second import by_fresh_session, require_another
from consent.domain.actors import Actor, Role
from consent.domain.errors import SamePersonError
from consent.services import Services
from consent.web.application import web_app
from consent.web.door_file import DoorFile, Provider
from consent.web.provider_device import NoDeviceCodeError, sign_in_by_device
from consent.web.provider_pages import introduced
from tests.integration.device_provider import device_provider
from tests.integration.web_cases import ADDRESS, ADMIN, made

pytestmark = [
    pytest.mark.slow,
    # The provider that the tests start uses what its own library gives up.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

GROUPS = {Role.DESK: ("library-desk",), Role.DIRECTOR: ("library-directors",)}


def person(sub: str, name: str, *groups: str, tid: str = "hartford") -> tuple[str, dict]:
    return sub, {"name": name, "email": f"{sub}@hplct.example", "groups": [*groups], "tid": tid}


PEOPLE = [
    person("u1", "Ana Ruiz", "library-desk", "knitting"),
    person("u2", "Guest", "knitting"),
    person("u3", "Dir Rossi", "library-desk", "library-directors"),
    person("u4", "Elsewhere", "library-desk", tid="somewhere"),
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@contextmanager
def browser(services: Services, issuer: str) -> Iterator[TestClient]:
    secret = services.settings.home / "client-secret"
    secret.write_text("known to both")
    provider = Provider(
        issuer=issuer,
        client_id="likeness",
        client_secret_file=secret,
        roles=GROUPS,
        tenant="hartford",
    )
    app = web_app(services, DoorFile(oidc=provider))
    try:
        with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
            yield client
    finally:
        Runtime._instance = None


def through_the_provider(client: TestClient, sub: str, after: str = "/register"):
    """Go there and back, as a browser does; returns the answer to who comes back."""
    there = client.get("/sign-in/provider", params={"after": after}).headers["location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{ADDRESS}/sign-in/provider/back"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    back = httpx2.post(there, data={"sub": sub}).headers["location"]
    assert back.startswith(ADDRESS)
    return client.get(back.removeprefix(ADDRESS)), back.removeprefix(ADDRESS)


def test_groups_let_in_and_nothing_else_does(services, issuer):
    with browser(services, issuer) as client:
        assert "Sign in with your library" in client.get("/sign-in").text
        answer, back = through_the_provider(client, "u1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/register")
        assert client.get("/_stcore/health").status_code == 200
        made_there = client.post("/account/token").text
        token = re.findall(r"<code>([\w-]{40,})</code>", made_there)[0]
        assert by_token(services, token).actor.id == "Ana Ruiz"
        (account,) = accounts.list_accounts(services, ADMIN)
        assert (account.name, account.roles) == ("Ana Ruiz", {Role.DESK})
        assert account.subject == f"{issuer} u1"

        # What came back once is worth nothing a second time, nor without the way there.
        client.cookies.clear()
        assert client.get(back).status_code == 401
        assert client.get("/_stcore/health").status_code == 401

        for sub, said in (("u2", "in no group"), ("u4", "in no group")):
            answer, _ = through_the_provider(client, sub)
            assert answer.status_code == 401
            assert said in answer.text
        assert client.get("/_stcore/health").status_code == 401
        assert len(accounts.list_accounts(services, ADMIN)) == 1


def test_who_signs_in_anew_there_has_just_shown_who_they_are(services, issuer):
    with browser(services, issuer) as client:
        there = client.get("/sign-in/provider?again").headers["location"]
        assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
        back = httpx2.post(there, data={"sub": "u1"}).headers["location"]
        client.get(back.removeprefix(ADDRESS))
        assert by_token(services, client.cookies["likeness"]).session.is_fresh(services.now())


@pytest.mark.parametrize(
    ("said", "asked", "fresh"),
    [
        # A provider that knows the browser by its cookie asks nobody anything.
        (None, False, False),
        (None, True, True),
        (timedelta(minutes=1), False, True),
        (timedelta(hours=3), True, False),
    ],
)
def test_a_provider_says_when_somebody_showed_who_they_are(services, said, asked, fresh):
    now = services.now()
    provider = Provider(issuer="http://localhost:9", client_id="likeness", roles=GROUPS)
    claims = {"sub": "u1", "name": "Ana Ruiz", "groups": ["library-desk"]}
    if said is not None:
        claims["auth_time"] = int((now - said).timestamp())

    who = introduced(provider, claims, now if asked else None)
    assert sign_in_introduced(services, who).session.is_fresh(services.now()) is fresh


def test_roles_follow_the_groups_and_a_lock_holds(services, issuer):
    made(services, "Root", Role.ADMIN)
    with browser(services, issuer) as client:
        through_the_provider(client, "u3")
        assert client.get("/_stcore/health").status_code == 200
        accounts.change_roles(services, "Dir Rossi", [Role.ADMIN], ADMIN)
        assert client.get("/_stcore/health").status_code == 401
        through_the_provider(client, "u3")
        found = {one.name: one for one in accounts.list_accounts(services, ADMIN)}
        assert found["Dir Rossi"].roles == {Role.DESK, Role.DIRECTOR}

        accounts.lock_account(services, "Dir Rossi", ADMIN)
        assert client.get("/_stcore/health").status_code == 401
        answer, _ = through_the_provider(client, "u3")
        assert answer.status_code == 401


def test_a_name_that_is_taken_is_nobody_elses(services, issuer):
    made(services, "Ana Ruiz", Role.ADMIN)
    with browser(services, issuer) as client:
        answer, _ = through_the_provider(client, "u1")
        assert answer.status_code == 303
        found = {one.name: one.roles for one in accounts.list_accounts(services, ADMIN)}
        assert found == {
            "Ana Ruiz": {Role.ADMIN},
            "Ana Ruiz (u1@hplct.example)": {Role.DESK},
        }
        # It may be one person with two accounts, so they are no two who agree.
        here = by_fresh_session(by_token(services, client.cookies["likeness"]), services)
        with services.reading() as unit, pytest.raises(SamePersonError):
            require_another(unit, here, Actor("Ana Ruiz", Role.ADMIN))


@pytest.mark.parametrize(
    ("called", "kept"),
    [
        ({"name": "Ruiz, Ana: HPL"}, "Ruiz, Ana HPL"),
        ({"name": "\u202eAna\u200b Ruiz"}, "Ana Ruiz"),
        ({"name": "A" * 200, "email": "a@b.example"}, "A" * 38),
        ({"name": ":", "email": "a@b.example"}, "a@b.example"),
        ({}, "u9"),
    ],
)
def test_a_provider_may_call_people_as_it_likes(services, called, kept):
    provider = Provider(issuer="http://localhost:9", client_id="likeness", roles=GROUPS)
    claims = {"sub": "u9", "groups": ["library-desk"], **called}
    sign_in_introduced(services, introduced(provider, claims, None))
    assert [one.name for one in accounts.list_accounts(services, ADMIN)] == [kept]


def test_a_provider_that_is_away_is_said(services):
    with browser(services, "http://localhost:9") as client:
        answer = client.get("/sign-in/provider")
        assert answer.status_code == 401
        assert "did not let you in" in answer.text
        assert client.get("/sign-in/provider/back?code=x&state=y").status_code == 401
        # What to mend is said there, and nothing that anybody else writes into an address.
        for said, shown in (("invalid_client", True), ("Call%20555-0100", False)):
            told = client.get(f"/sign-in/provider/back?error={said}&state=y")
            assert (told.status_code, said.replace("%20", " ") in told.text) == (401, shown)


def test_a_code_typed_in_a_browser_signs_in_at_the_command_line(
    services, environment, tmp_path, monkeypatch, capsys
):
    """RFC 8628, against the real provider: pending, agreed; then refused, and in no group."""
    answers = iter([("u1", True), ("u3", False), ("u2", True)])
    made(services, "Root", Role.ADMIN)
    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE]
    with device_provider(people, lambda _code: next(answers)) as issuer:
        door = tmp_path / "door.toml"
        roles = "\n".join(f"{role} = {list(groups)}" for role, groups in GROUPS.items())
        door.write_text(
            f'[oidc]\nissuer = "{issuer}"\nclient_id = "likeness"\n[oidc.roles]\n{roles}\n'
        )
        monkeypatch.setenv("LIKENESS_DOOR", str(door))
        said = []
        for words in (
            ["login", "--provider"],
            ["register", "list"],
            *[["login", "--provider"]] * 2,
        ):
            monkeypatch.setattr(sys, "argv", ["likeness", *words])
            with pytest.raises(SystemExit) as end:
                consent.cli.main()
            said.append((end.value.code or 0, capsys.readouterr().err))

    (code, told), (read, _), (refused, denied), (uninvited, no_group) = said
    assert (code, read, refused, uninvited) == (0, 0, 2, 2)
    assert f"Open {issuer}/device in a browser, and type this code there: " in told
    assert "access_denied" in denied
    assert "in no group" in no_group
    (account,) = [one for one in accounts.list_accounts(services, ADMIN) if one.subject]
    assert (account.name, account.roles) == ("Ana Ruiz", {Role.DESK})


def test_a_provider_without_codes_says_what_to_do_instead(services, issuer):
    provider = Provider(issuer=issuer, client_id="likeness", roles=GROUPS)
    with pytest.raises(NoDeviceCodeError, match="likeness login --token"):
        sign_in_by_device(services, provider, print)
