"""What docs/deploy.md says of nginx, Caddy and systemd, run as it stands there."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from consent.settings import ROOT
from tests.browser.browser_cases import expect, make_accounts, sign_in
from tests.browser.conftest import START_SECONDS, Server, free_port

pytestmark = pytest.mark.browser

PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
NAME = "likeness.library.example"
DOOR = f'[server]\nhosts = ["{NAME}"]\n[proxy]\npeers = ["127.0.0.1"]\n'


def on_the_page(heading: str) -> str:
    """Return the first block under a heading of the page."""
    found = re.search(rf"^## {heading}\n.*?^```\w*\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of our own making, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "tls.crt", tmp_path / "tls.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def nginx(folder: Path, behind: int, port: int, files: tuple[Path, Path]) -> list[str]:
    site = on_the_page("nginx").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    for where, file in zip(("/etc/likeness/tls.crt", "/etc/likeness/tls.key"), files, strict=True):
        site = site.replace(where, str(file))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = f"daemon off; pid {folder}/pid; error_log stderr; events {{}}"
    (folder / "nginx.conf").write_text(f"{main} http {{ {places}\n{site} }}")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, behind: int, port: int, files: tuple[Path, Path]) -> list[str]:
    site = on_the_page("Caddy").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")
    # It would fetch a certificate, for which the name must be known to the world.
    site = site.replace(f"{NAME} {{", f"https://{NAME}:{port} {{\n    tls {files[0]} {files[1]}")
    bounds = "admin off\n    auto_https disable_redirects"
    (folder / "Caddyfile").write_text(f"{{\n    {bounds}\n}}\n{site}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this computer")
    kept = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(command, env=kept)
    try:
        for _ in range(START_SECONDS * 2):
            assert process.poll() is None, f"{command[0]} ended"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_signed_in_by_tls_through_a_proxy(
    proxy, home, open_services, certificate, tmp_path, launch
):
    """The page's own lines, with other ports; the page of Home is drawn by the WebSocket."""
    make_accounts(open_services(home=home))
    (tmp_path / "door.toml").write_text(DOOR)
    os.environ["LIKENESS_DOOR"] = str(tmp_path / "door.toml")
    behind, port = free_port(), free_port()
    server, address = Server(home, behind), f"https://{NAME}:{port}"
    server.start()
    try:
        with running(proxy(tmp_path, behind, port, certificate), tmp_path, port):
            browser = launch(f"--host-resolver-rules=MAP {NAME} 127.0.0.1")
            context = browser.new_context(base_url=address, ignore_https_errors=True)
            page = context.new_page()
            page.set_default_timeout(60_000)
            sockets: list[str] = []
            page.on("websocket", lambda socket: sockets.append(socket.url))
            page.goto("/register")
            sign_in(page, "Ana Ruiz")
            expect(page.get_by_role("heading", name="Register", exact=True)).to_be_visible()
            (cookie,) = [one for one in context.cookies() if "likeness" in one["name"]]
            browser.close()
    finally:
        server.stop()
        del os.environ["LIKENESS_DOOR"]
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-likeness", True, True)
    assert sockets
    assert all(url.startswith(f"wss://{NAME}:{port}/") for url in sockets)


def test_the_unit_is_one_that_systemd_reads(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this computer")
    unit = (ROOT / "packaging" / "likeness.service").read_text(encoding="utf-8")
    # The program and its account are made by the lines before.
    there = unit.replace("/opt/likeness/.venv/bin/likeness", "/bin/true").replace(
        "=likeness", "=root"
    )
    (tmp_path / "likeness.service").write_text(there)

    answer = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "likeness.service")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
