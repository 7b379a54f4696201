"""The contract of the stores is kept on both databases."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here holds on both databases."""
    return str(request.param)
