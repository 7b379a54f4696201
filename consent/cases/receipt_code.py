"""What a receipt proves: a code that the library tells from a forged one, without a network.

It holds number, day, scope, policy, register version and the log's end, and no name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from consent.domain.actors import Actor
from consent.domain.cases import CaseStep, Revocation
from consent.domain.errors import BadInputError
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Scope
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

_KIND = "likeness-receipt-1"
_SCOPE: TypeAdapter[Scope] = TypeAdapter(Scope)
# Letters of a digest: as many as nobody makes fit by trying.
_LETTERS = 32
_PARTS = 9


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says of itself, and what became of it since.

    Attributes:
        scope: digest of what the case covered then.
        log: number and digest of the last entry of the log, at that moment.
        in_log: that entry is in the log as it was.
        same_scope: the case covers today what it covered then.
    """

    label: str
    given_on: date
    scope: str
    policy: str
    register_version: int
    log: str
    in_log: bool = False
    same_scope: bool = False

    def sentences(self) -> list[str]:
        """Say it for people."""
        genuine = (
            f"This receipt is genuine: {self.label}, given on {self.given_on}, register version "
            f"{self.register_version}, policy {self.policy}."
        )
        said = [genuine]
        if not self.in_log:
            said.append(
                "The log does not hold the entry that the receipt names: run likeness log verify."
            )
        same = "what it covered then" if self.same_scope else "something else by now"
        return [*said, f"The case covers {same}."]


def receipt_code(services: Services, unit: UnitOfWork, case: Revocation) -> str:
    """Return what is printed on a receipt, and drawn as a QR code."""
    head = unit.audit.head()
    plain = "|".join(
        (
            _KIND,
            case.label,
            services.today().isoformat(),
            _digest_of(case.terms.scope),
            services.policy.version.replace("|", " "),
            str(unit.audit.register_version()),
            str(head.sequence),
            head.digest[:_LETTERS],
        )
    )
    return f"{plain}|{_signed(services, plain)}"


def log_in(code: str) -> str:
    """Return the log's end that a code holds: number of the entry, colon, begin of its digest."""
    return ":".join(code.split("|")[6:8])


def verify_receipt(services: Services, code: str) -> ReceiptFacts:
    """Say what a receipt's code says, and whether this library has given it.

    Raises:
        BadInputError: it is no code of a receipt, or not one of this library's.
        NotFoundError: its case is not in the register.
    """
    plain, _, signed = code.strip().rpartition("|")
    parts = plain.split("|")
    if len(parts) != _PARTS - 1 or parts[0] != _KIND:
        raise BadInputError(
            "This is not a receipt code: enter the whole text of the QR code, from "
            f"{_KIND} to the end."
        )
    if not hmac.compare_digest(signed, _signed(services, plain)):
        raise BadInputError(
            "This receipt is not from this library, or it was changed: ask the person who "
            "brought it where they got it."
        )
    _, label, given, scope, policy, version, sequence, digest = parts
    facts = ReceiptFacts(
        label, date.fromisoformat(given), scope, policy, int(version), f"{sequence}:{digest}"
    )
    with services.reading() as unit:
        case = unit.register.find(label)
        entry = unit.audit.digest_at(int(sequence))
    return replace(
        facts,
        in_log=entry.startswith(digest),
        same_scope=_digest_of(case.terms.scope) == scope,
    )


@for_roles(Duty.READ_CASES)
def consent_record(services: Services, label: str, actor: Actor) -> dict[str, Any]:
    """Return a case as a record for other programs, after ISO/IEC TS 27560, without a name.

    Raises:
        NotFoundError: there is no such case.
    """
    del actor
    with services.reading() as unit:
        case = unit.register.find(label)
        code = receipt_code(services, unit, case)
    policy, terms = services.policy, case.terms
    events = [
        {
            "event_time": step.at.isoformat(),
            "event_type": _TYPES.get(step.step, step.step.value),
            "valid_from": step.effective_on.isoformat(),
        }
        for step in case.history
    ]
    return {
        "header": {
            "schema": "ISO/IEC TS 27560",
            "record_id": code.rpartition("|")[2],
            "pii_principal_id": case.label,
        },
        "processing": {
            "pii_controller": {"name": policy.library, "address": policy.address},
            "privacy_notice": {"name": policy.name, "version": policy.version},
            "purpose": "Publishing photos of the library's events",
            "withdrawn_for": json.loads(_SCOPE.dump_json(terms.scope)),
            "until": None if terms.until is None else terms.until.isoformat(),
            "biometric_template_kept": terms.agreement_on(services.today()) is not None,
        },
        "events": events,
        "receipt": code,
    }


_TYPES = {
    CaseStep.RECORDED: "consent withdrawn",
    CaseStep.RESCINDED: "withdrawal taken back",
}


def _digest_of(scope: Scope) -> str:
    said = {
        # Sets are in no order of their own.
        name: sorted(value) if isinstance(value, list) else value
        for name, value in json.loads(_SCOPE.dump_json(scope)).items()
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _signed(services: Services, plain: str) -> str:
    return services.keys.seal.name_for(f"receipt {plain}")[:_LETTERS]
