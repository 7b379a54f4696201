"""Which calibration is in use: the one shipped, or the last that was put in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from consent.domain.actors import Actor
from consent.domain.calibration import CalibrationChange
from consent.domain.errors import BadInputError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.calibration import Calibration, read_calibration, shipped_calibration


class CalibrationInUse:
    """The calibration in use, read again only after a change."""

    def __init__(self, reading: Callable[[], UnitOfWork]) -> None:
        """Prepare; nothing is read yet."""
        self._reading = reading
        self._known: tuple[int, Calibration] = (0, shipped_calibration())

    def __call__(self) -> Calibration:
        """Return it."""
        with self._reading() as unit:
            count = unit.calibrations.count()
            if count != self._known[0]:
                self._known = count, _calibration_of(unit.calibrations.all()[-1])
        return self._known[1]


def use_calibration(
    services: Services, unit: UnitOfWork, calibration: Calibration | None, reason: str, actor: Actor
) -> None:
    """Put a calibration in use from the end of this transaction; older clearances become stale.

    `unit` is committed by the caller; None is the calibration shipped with the program.

    Raises:
        BadInputError: no reason was given.
    """
    if not reason.strip():
        raise BadInputError(
            "Say why you change the calibration: it changes which photos are flagged."
        )
    before, now = services.calibration, services.now()
    document = None if calibration is None else calibration.as_document()
    unit.calibrations.append(CalibrationChange(now, actor, reason.strip(), document))
    after = calibration or shipped_calibration()
    details = {"before": before.id, "after": after.id, "reason": reason.strip()}
    unit.audit.append(Action.CALIBRATION_CHANGED, "calibration", actor, now, details)


@for_roles(Duty.THRESHOLDS)
def go_back(services: Services, reason: str, actor: Actor) -> Calibration:
    """Put the calibration in use that was there before the last change, and return it.

    Raises:
        BadInputError: there was no change, or no reason was given.
    """
    with services.writing() as unit:
        changes = unit.calibrations.all()
        if not changes:
            raise BadInputError(
                "The calibration is the one shipped with the program: nothing to go back to."
            )
        former = _before_the_last(changes)
        use_calibration(services, unit, former, reason, actor)
        unit.commit()
    return services.calibration


def _before_the_last(changes: Sequence[CalibrationChange]) -> Calibration | None:
    """Return what was in use before; None for the shipped one."""
    if len(changes) == 1 or changes[-2].document is None:
        return None
    return _calibration_of(changes[-2])


def _calibration_of(change: CalibrationChange) -> Calibration:
    return shipped_calibration() if change.document is None else read_calibration(change.document)
