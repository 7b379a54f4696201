"""What is done with faces, as chosen last."""

from __future__ import annotations

from collections.abc import Callable

from consent.domain.faces import Faces
from consent.storage.unit_of_work import UnitOfWork


class FacesInUse:
    """What is done with faces; asked of the database each time, for others may change it."""

    def __init__(self, reading: Callable[[], UnitOfWork]) -> None:
        """Prepare; nothing is read yet."""
        self._reading = reading

    def __call__(self) -> Faces:
        """Return it."""
        with self._reading() as unit:
            return unit.faces.mode()
