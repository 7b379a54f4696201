"""Whether the log, and the register that it tells of, are as this program wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from consent.domain.log import BEGINNING, Fault, Head, faults_in
from consent.services import Services

# More are not listed: by then it is clear.
MOST_FAULTS = 100


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
