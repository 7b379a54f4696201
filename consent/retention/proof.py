"""Whether the log, and the register that it tells of, are as this program wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from consent.domain.log import BEGINNING, Fault, Head, faults_in
from consent.services import Services

# More are not listed: by then it is clear.
MOST_FAULTS = 100
_WHOLE_AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Attributes:
        head: the end of the log.
        checked: entries whose digests were made again.
        witness: how far the log was seen to come by this computer before; None if never.
    """

    head: Head
    checked: int
    faults: tuple[Fault, ...]
    witness: Head | None

    @property
    def first_broken(self) -> int | None:
        """The sequence of the first fault, if any."""
        return min((fault.sequence for fault in self.faults), default=None)


def log_head(services: Services) -> Head:
    """Return the end of the log, to be written down elsewhere."""
    with services.reading() as unit:
        return unit.audit.head()


def verify_log(
    services: Services, heads: Sequence[Head] = (), after: Head = BEGINNING
) -> Verification:
    """Verify the log after an entry that was verified before, and all rows that it tells of.

    Args:
        services: adapters.
        heads: what was written down elsewhere; this computer's own memory is added.
        after: verified before, by somebody who is believed.
    """
    witness = services.keys.remembered()
    known = [*heads, *([] if witness is None else [witness])]
    with services.reading() as unit:
        trail = unit.audit
        head = trail.head()
        # What an earlier verification saw must still be there.
        after = after if trail.has(after) else BEGINNING
        entries = faults_in(
            trail.raw_entries(after.sequence),
            services.keys.log,
            keyed_from=trail.keyed_from(),
            after=after,
            heads=known,
        )
        faults = (*islice(entries, MOST_FAULTS), *islice(trail.faulty_rows(), MOST_FAULTS))
    return Verification(head, head.sequence - after.sequence, faults, witness)


def verify_new(services: Services) -> Verification:
    """Verify what came since all was found whole, and all rows; once a week all of the log.

    How far that was is remembered beside the master key. Where anything is wrong it is not, so that
    it is found again.
    """
    known, now = services.keys.verified(), services.now()
    new = known is not None and now - known[1] < _WHOLE_AGAIN
    found = verify_log(services, after=known[0] if known is not None and new else BEGINNING)
    if not found.faults:
        whole_at = now if known is None or found.checked == found.head.sequence else known[1]
        services.keys.note_verified(found.head, whole_at)
    return found
