"""Reasons in words and as plain data, the same for pages, command line, reports and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.verdicts import ReasonCode

if TYPE_CHECKING:
    from consent.verdicts import Clearance, Reason

_PLAIN = {
    ReasonCode.EXACT: "{who} was confirmed in this photo{face}.",
    ReasonCode.HOLD: "{who} asked by word of mouth not to be shown{face}; the writing is awaited.",
    ReasonCode.LOCATOR: "{who} may be in photos of this occasion{hint}.",
    ReasonCode.UNCOMPARABLE_FACE: (
        "{Face} can be recognised by a person but not compared by the program: look whether it "
        "is anybody in the register."
    ),
    ReasonCode.NO_PUBLIC_SPACE: (
        'The event "{detail}" was not in a public space, and not everybody in the photo has '
        "consent on file: ask them."
    ),
    ReasonCode.VERBAL_CONSENT_MISSING: "{Face}: no verbal consent on file. Ask first.",
    ReasonCode.CONSENT_REFUSED: "{Face}: asked, and said no.",
    ReasonCode.OUTSIDE_SCOPE: (
        "Possible match with {who}{face}, but the revocation does not cover this use."
    ),
    ReasonCode.NO_EVENT: (
        "The photo belongs to no event: whether it was in a public space is unknown."
    ),
}


def sentence(reason: Reason) -> str:
    """Say a reason in a sentence with what to do, without anybody's name."""
    who = reason.revocation or "Somebody"
    at_face = "" if reason.face is None else f", face {reason.face + 1}"
    if reason.code in {ReasonCode.FACE, ReasonCode.NEAR_DUPLICATE, ReasonCode.SAME_SCENE}:
        return _of_match(reason, who, at_face)
    if reason.code is ReasonCode.SMALL_FACES:
        many = reason.detail != "1"
        return (
            f"{reason.detail} face{'s' if many else ''} too small or too unclear for anybody to "
            "recognise."
        )
    if reason.code not in _PLAIN:
        return reason.detail
    face = "A face" if reason.face is None else f"Face {reason.face + 1}"
    hint = f": look for {reason.detail}" if reason.detail else ""
    return _PLAIN[reason.code].format(
        who=who, face=at_face, Face=face, detail=reason.detail, hint=hint
    )


def _of_match(reason: Reason, who: str, at_face: str) -> str:
    if reason.code is ReasonCode.NEAR_DUPLICATE:
        bits = "" if reason.match is None else f" ({reason.match.score:.0f} bits apart)"
        return f"A copy, or nearly, of a photo in which {who} was confirmed{bits}."
    if reason.code is ReasonCode.SAME_SCENE:
        return f"{who} was in another photo of the same scene: look whether they are here too."
    rate = None if reason.match is None else reason.match.false_matches_per_million
    return f"Possible match with {who}{at_face}: {rarity(rate)}."


def rarity(per_million: float | None) -> str:
    """Say a false-match rate as people say it."""
    if not per_million:
        return "how rare such a likeness is, is not known"
    strangers = 1_000_000 / per_million
    if strangers > 10_000_000:  # noqa: PLR2004 - beyond what was measured
        return "fewer than 1 in 10 million strangers look this alike"
    digits = max(0, len(str(int(strangers))) - 2)
    rounded = round(strangers / 10**digits) * 10**digits
    return f"about 1 in {rounded:,} strangers look this alike"


def reason_as_plain(reason: Reason) -> dict[str, object]:
    """Return a reason as data for JSON."""
    match = reason.match
    return {
        "code": reason.code.value,
        "verdict": None if reason.verdict is None else reason.verdict.value,
        "revocation": reason.revocation,
        "face": reason.face,
        "box": None if reason.box is None else reason.box.as_list(),
        "score": None if match is None else match.score,
        "threshold": None if match is None else match.threshold,
        "unit": None if match is None else match.unit,
        "model": None if match is None else match.model_id,
        "false_matches_per_million": None if match is None else match.false_matches_per_million,
        "sentence": sentence(reason),
    }


def as_plain(clearance: Clearance) -> list[dict[str, object]]:
    """Return a clearance's reasons and notes as data for JSON."""
    decision = clearance.decision
    return [reason_as_plain(reason) for reason in (*decision.reasons, *decision.notes)]


def clearance_as_plain(clearance: Clearance) -> dict[str, object]:
    """Return a clearance as data for JSON; notes apart from reasons."""
    decision = clearance.decision
    return {
        "path": clearance.path,
        "sha256": clearance.sha256,
        "verdict": decision.verdict.value,
        "label": decision.verdict.label,
        "faces": {"count": len(clearance.faces), "not_compared": clearance.uncomparable},
        "boxes": [face.box.as_list() for face in clearance.faces],
        "reasons": [reason_as_plain(reason) for reason in decision.reasons],
        "notes": [reason_as_plain(reason) for reason in decision.notes],
    }
