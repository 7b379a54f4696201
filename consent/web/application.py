"""The web app as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager

from consent.services import Services
from consent.settings import ROOT
from consent.web.door_file import DoorFile
from consent.web.gate import Door, Gate, closing_what_ended
from consent.web.sign_in_pages import SignInPages


def web_app(services: Services, file: DoorFile, *, demo: bool = False) -> st.App:
    """Return Streamlit's app with the gate before it and the sign-in beside it.

    Raises:
        DoorError: a secret cannot be read.
    """
    door = Door(services, file, demo=demo)
    routes = SignInPages(door).routes()
    open_to_all = {route.path: route.methods or () for route in routes}

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[dict[str, object]]:
        # Until somebody has been here, Streamlit would take the folder for its pages: it would run
        # what lies in it, and tell the first who opens an address that there is no such page.
        PagesManager.uses_pages_directory = False
        # Charts read it when they are first drawn: several sessions at once would find it half
        # imported.
        import_module("pandas")
        door.openings.watch_over(Runtime.instance())
        with door.dropped.in_use():
            async with closing_what_ended(door):
                yield {}

    return st.App(
        ROOT / "app.py",
        lifespan=lifespan,
        middleware=[Middleware(Gate, door=door, open_to_all=open_to_all)],
        routes=routes,
    )
