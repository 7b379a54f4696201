"""What is worked out from the register and kept is worked out anew by other rules."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from consent.services import Services
from media_index.hashing.keypoints import METHOD


def made_by(services: Services, rules: int) -> str:
    """Return a digest of what photos are judged by, beside the database.

    `rules` goes up with every change of the code that lets other things be found.
    """
    by = {
        "rules": rules,
        "policy": asdict(services.policy),
        "calibration": services.calibration.id,
        "comparability": asdict(services.comparability),
        "features": METHOD,
        "time_zone": services.settings.time_zone,
    }
    return hashlib.sha256(json.dumps(by, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)
