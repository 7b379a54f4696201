"""What of a check is shown, in the address: a link brings a colleague there, and Back keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from consent.domain.verdicts import Verdict

# In the address, so that a reload finds the result; in the session, so that a visit to another
# page does not lose it.
CHECK = "check"


class Order(StrEnum):
    """In which order photos stand."""

    WORST = "worst"
    BEST = "best"
    NAME = "name"


_VERDICTS = {verdict.value.lower(): verdict for verdict in Verdict}
_ORDERS = {order.value: order for order in Order}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the result of a check.

    Attributes:
        only: of this verdict; None for all.
        find: a part of the file name.
        page: from 1.
        photo: the one that is open, by `CheckedPhoto.id`; empty for the grid.
    """

    only: Verdict | None = None
    find: str = ""
    order: Order = Order.WORST
    page: int = 1
    photo: str = ""

    @classmethod
    def here(cls) -> Shown:
        """Read the address; what it names wrongly is as if it were not there."""
        asked = st.query_params
        only, order, page = (asked.get(name, "") for name in ("only", "sort", "page"))
        return cls(
            only=_VERDICTS.get(only),
            find=asked.get("find", ""),
            order=_ORDERS.get(order, Order.WORST),
            page=int(page) if page.isdecimal() and int(page) else 1,
            photo=asked.get("photo", ""),
        )

    def go(self, **changed: object) -> None:
        """Show something else, one step of the browser's history away."""
        there = replace(self, **changed)  # type: ignore[arg-type]
        wanted = {
            "only": "" if there.only is None else there.only.lower(),
            "find": there.find,
            "sort": "" if there.order is Order.WORST else str(there.order),
            "page": "" if there.page == 1 else str(there.page),
            "photo": there.photo,
        }
        said = {name: value for name, value in wanted.items() if value}
        job_id = st.query_params.get(CHECK)
        if job_id:
            said = {CHECK: job_id, **said}
        if st.query_params.to_dict() != said:
            st.query_params.from_dict(said)
