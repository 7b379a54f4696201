"""Measure how long pages take while many people work, and that nothing of theirs is lost.

    python tools/measure_sessions.py [--sessions 50] [--seconds 120] [--look 30] [--database URL]

A demonstration is served from a home of its own. Each session opens one page after another, as a
browser would, the first at some moment, and looks at each for `look` seconds, half as long or half
as long again. Thirty files of 5 MB are dropped meanwhile; one
command checks a folder, one indexes another, and one imports a list of cases. Told is, for each
page, how long until it was drawn, and the processor time of the server's process for one page.
The first is of use on a quiet computer only: the load is told beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from measure_uploads import served
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from consent.settings import ROOT, Settings

PAGES = ("home", "check", "published", "record", "review", "takedowns", "print", "register")
UPLOADS, UPLOAD_BYTES = 30, 5_000_000
CASES = 40
MOST_SECONDS = 300.0
SAMPLES = ROOT / "data" / "samples"


class Person:
    """Somebody with a browser."""

    def __init__(self, address: str) -> None:
        """Open the program, as whoever comes first in the demonstration."""
        self._address = address
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        opener.addheaders = [("Accept", "text/html")]
        opener.open(f"{address}/check", timeout=MOST_SECONDS).close()
        self._cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
        self._xsrf = generate_xsrf_token_string()
        self._opened = ExitStack()
        self._socket: ClientConnection = self._opened.enter_context(
            connect(
                f"ws://{urlsplit(address).netloc}/_stcore/stream",
                additional_headers={"Cookie": self._cookie},
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                # On a busy computer, nobody answers for long.
                ping_interval=None,
                open_timeout=MOST_SECONDS,
            )
        )
        self.session = ""

    def open(self, page: str) -> float:
        """Open a page; returns the seconds until it was drawn."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        begun = time.monotonic()
        self._socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=MOST_SECONDS))
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.session = told.new_session.initialize.session_id
            if kind == "script_finished" and told.script_finished == (
                ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                return time.monotonic() - begun

    def drop(self, name: str, content: bytes) -> None:
        """Drop a file on the page that is open."""
        body = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n--x--\r\n"
        )
        request = urllib.request.Request(  # noqa: S310 - the address is our own
            f"{self._address}/_stcore/upload_file/{self.session}/{name}",
            data=body,
            method="PUT",
            headers={
                "Cookie": f"{self._cookie}; _streamlit_xsrf={self._xsrf}",
                "X-Xsrftoken": self._xsrf,
                "Content-Type": "multipart/form-data; boundary=x",
            },
        )
        urllib.request.urlopen(request, timeout=MOST_SECONDS).close()  # noqa: S310 - as above

    def close(self) -> None:
        """Close the browser."""
        self._opened.close()


def cpu_seconds(process: int) -> float:
    """Return the processor time of a process without its children."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def command(home: Path, *words: object) -> subprocess.Popen[bytes]:
    """Start a command on the home."""
    return subprocess.Popen(
        [sys.executable, "-m", "consent.cli", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **surroundings(home)},
        stdout=subprocess.DEVNULL,
    )


def surroundings(home: Path) -> dict[str, str]:
    """Return what the server and the commands are told of the home."""
    return {"LIKENESS_HOME": str(home), "LIKENESS_KEYS": f"{home}-keys"}


def told_by(home: Path, *words: str) -> dict[str, Any]:
    """Return what a command says as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "consent.cli", *words, "--json"],
        cwd=ROOT,
        env={**os.environ, **surroundings(home)},
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def list_of_cases(made: Path) -> Path:
    """Write a list of people who revoked."""
    path = made / "cases.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "received", "note"])
        for number in range(CASES):
            writer.writerow([f"Reader {number}", "2026-06-01", f"Binder {number}"])
    return path


def measure(arguments: argparse.Namespace, made: Path) -> None:
    """Have all work at once, and print what it took."""
    home = made / "home"
    home.mkdir()
    (home / "weights").symlink_to(Settings().weights.resolve())
    folders = [made / name for name in ("checked", "indexed")]
    for folder in folders:
        shutil.copytree(SAMPLES / "originals", folder)
        for file in folder.iterdir():
            # Another file of the same picture, which is not known yet.
            file.write_bytes(file.read_bytes() + folder.name.encode())
    cases = list_of_cases(made)
    with served(home) as (address, process):
        before = told_by(home, "status")
        people = [Person(address) for _ in range(arguments.sessions)]
        with ThreadPoolExecutor(arguments.sessions) as threads:
            list(threads.map(lambda person: person.open("check"), people))
        took: defaultdict[str, list[float]] = defaultdict(list)
        lock, end = threading.Lock(), time.monotonic() + arguments.seconds

        def work(person: Person) -> None:
            time.sleep(random.uniform(0, arguments.look))  # noqa: S311 - no secret
            while time.monotonic() < end:
                page = random.choice(PAGES)  # noqa: S311 - no secret
                seconds = person.open(page)
                with lock:
                    took[page].append(seconds)
                time.sleep(random.uniform(0.5, 1.5) * arguments.look)  # noqa: S311 - as above

        spent = cpu_seconds(process)
        running = [
            command(home, "check", folders[0], "--use", "facebook"),
            command(home, "index", folders[1]),
            command(home, "revoke", "--from-csv", cases),
        ]
        content = os.urandom(UPLOAD_BYTES)
        with ThreadPoolExecutor(arguments.sessions + UPLOADS) as threads:
            working = [threads.submit(work, person) for person in people]
            dropping = [
                threads.submit(people[number % len(people)].drop, f"file-{number}", content)
                for number in range(UPLOADS)
            ]
            for future in (*working, *dropping):
                future.result()
        spent = cpu_seconds(process) - spent
        codes = [one.wait() for one in running]
        for person in people:
            person.close()
        report(took, spent, codes)
        after = told_by(home, "status")
        added = after["index"]["photos"] - before["index"]["photos"]
        print(f"photos added: {added} of {sum(len(list(one.iterdir())) for one in folders)}")
        cases_made = sum(after["revocations"].values())
        print(f"cases recorded: {cases_made} of {CASES}")
        print(f"the log is whole: {after['log_broken_at'] is None}")


def report(took: Mapping[str, list[float]], spent: float, codes: list[int]) -> None:
    """Print what was measured."""
    every = [seconds for page in took.values() for seconds in page]
    for page, seconds in sorted(took.items()):
        middle, most = np.percentile(seconds, [50, 95])
        print(f"{page:12} {len(seconds):4} times, median {middle:.2f} s, p95 {most:.2f} s")
    middle, most = np.percentile(every, [50, 95])
    print(f"{'all':12} {len(every):4} times, median {middle:.2f} s, p95 {most:.2f} s")
    print(f"processor time of the server: {1000 * spent / len(every):.0f} ms a page")
    print(f"check, index and import ended with {codes}")
    print(f"load of the computer: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--look", type=float, default=30, help="seconds that a page is looked at")
    parser.add_argument("--database", default="", help="of PostgreSQL, empty; without it, SQLite")
    arguments = parser.parse_args()
    os.environ["LIKENESS_DATABASE_URL"] = arguments.database
    with tempfile.TemporaryDirectory() as made:
        measure(arguments, Path(made))


if __name__ == "__main__":
    main()
