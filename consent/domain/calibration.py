"""A change of the calibration in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class CalibrationChange:
    """A change of the calibration in use.

    Attributes:
        document: the calibration's JSON; None for the one shipped with the program.
    """

    at: datetime
    actor: Actor
    reason: str
    document: Mapping[str, Any] | None
