"""Reasons in words and as plain data, the same for pages, command line, reports and records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from consent.domain.signals import Evidence
from consent.domain.verdicts import DO_NOT_ASK, FACES_OFF, Clearance, Reason, ReasonCode, Verdict

# Counted down to 1 in 100,000; a decade beyond is as far as the extrapolation is said aloud.
_RAREST = 1_000_000
# Nobody reads more numbers of faces; the picture has them all.
_MOST_NAMED = 6
_SHORT_RUN = 2

_NOT_ENOUGH = "Compare the two pictures before you decide."
NOBODY = (
    "Nobody is in the register, so there was nothing to compare with. Record the revocations that "
    "the library has. If that was done already, ask your IT: this may be the wrong register."
)
# What a photo is called that came with a case, and is in no folder.
PHOTO_OF_PERSON = "Photo of the person"
NO_PHOTO = "No photos were found there, so nothing was checked."
_WITHHELD = (
    "Not compared yet with a photo on file for {who}, because that photo matches too many "
    "others: confirm it in Review, or add another."
)
NO_EVENT = "No event is named yet, so it is not known if this was in a public space."
# Of reasons that no signal gives; each signal says its own.
_PLAIN: dict[str, str] = {
    ReasonCode.HOLD: "{who} asked in person or by phone not to be shown{face}; waiting for a "
    "written request.",
    ReasonCode.LOCATOR: "{who} may be in photos of this event{hint}.",
    ReasonCode.UNCOMPARABLE_FACE: (
        "{Face} can be recognized by a person, but {why}: check if it is anyone in the register."
    ),
    ReasonCode.NO_PUBLIC_SPACE: (
        'The event "{detail}" was not in a public space, and not everybody in the photo has '
        "consent on file: ask them."
    ),
    ReasonCode.VERBAL_CONSENT_MISSING: "{Face}: no verbal consent on file.{ask}",
    ReasonCode.CONSENT_REFUSED: "{Face}: asked, and said no.",
    ReasonCode.ASKED_AS_A_ROOM: (
        "{Face}: the whole room was asked, not this person by themselves."
    ),
    ReasonCode.OUTSIDE_SCOPE: "{match}, but the revocation does not cover {detail}.",
    ReasonCode.EVENT_UNKNOWN: (
        "{match}. The revocation covers only certain events, and nobody has entered the event "
        "of this photo{clock}: name the event, or leave the photo out."
    ),
    ReasonCode.TIME_UNKNOWN: (
        "{match}. The revocation covers only photos from a certain time, and nobody has entered"
        " when this one was taken{clock}: name the event and its day, or leave the photo out."
    ),
    ReasonCode.REFERENCE_WITHHELD: _WITHHELD,
    ReasonCode.NOT_THIS_PERSON: "{detail} that {which} the person in {who}.",
    ReasonCode.NO_PERSON: "{Face}: no person, said {detail}.",
    ReasonCode.PICTURE_OF_PERSON: "{Face}: a picture of a person, said {detail}; it is compared.",
    ReasonCode.OVERRIDDEN: "Overridden by {detail}.",
    ReasonCode.SMALL_FACES_NOT_SOUGHT: (
        "The photo is so large that faces smaller than {detail} px were not looked for in it: save "
        "a smaller copy, of at most 90 megapixels, and check that."
    ),
    ReasonCode.FACES_NOT_REACHED: (
        "The photo shows too many people to compare in the time allowed for one photo. Not "
        "compared: {detail}. Cut it into parts, and check those."
    ),
    ReasonCode.FRAMES_NOT_SEEN: (
        "The picture moves, and only {detail} frames were looked at, or look like one that was. "
        "Watch all of it before you show it, or check single frames saved as JPEG."
    ),
    ReasonCode.SIDE_BY_SIDE: (
        "The picture moves. The frames that were looked at are shown side by side."
    ),
    ReasonCode.ENCODINGS_MISSING: (
        "Not all faces in the photo could be compared: {detail}. Check the photo again. If that "
        "does not help, ask your IT (likeness doctor shows what is wrong)."
    ),
    ReasonCode.NOTHING_TO_COMPARE: NOBODY,
    ReasonCode.NO_EVENT: NO_EVENT,
}

# By `media_index.types.Turning`.
_TURNED = {
    "xmp_apart": (
        "Its XMP data says that the photo should be turned another way than it is shown here. "
        "Browsers ignore that. The program looked for faces both ways."
    ),
    "exif_apart": (
        "Its EXIF data and the file disagree on how the photo is turned. It is shown here the "
        "way browsers show it. The program looked for faces both ways. Check how the photo "
        "looks where you post it."
    ),
    "transparent": (
        "Parts of the photo are transparent. Some programs show hidden parts there, or black. "
        "The program looked for faces there too. Check how the photo looks where you post it."
    ),
}

_NOT_COMPARED = {
    False: "the program can't compare {them}",
    True: "this library does not let the program compare faces",
}

# What a picture is, by `media_index.types.FoundBy`.
_ON_FILE = {
    "same bytes": "the same file as a photo on file",
    "same picture": "a copy of a photo on file",
    "part of the picture": "a part of a photo on file",
}

# What a revocation does not cover, by `scope.Coverage`.
_NOT_COVERED = {
    "other_use": "this use",
    "other_photo": "this photo, which is of another event",
    "other_time": "photos of that time",
}


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 photo, 2 photos, 1,200 people."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def on_file(found_by: str) -> str:
    """Return what a picture is whose original is known, by how that was found."""
    return _ON_FILE[found_by]


def faces_named(numbers: Sequence[int]) -> str:
    """Return numbered faces in words, such as faces 1, 2 and 4; of many, the first."""
    if len(numbers) == 1:
        return f"face {numbers[0]}"
    if len(numbers) > _MOST_NAMED:
        named = ", ".join(map(str, numbers[: _MOST_NAMED - 1]))
        return f"faces {named} and {len(numbers) - _MOST_NAMED + 1} others"
    return f"faces {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def numbers_in_short(numbers: Sequence[int]) -> str:
    """Return numbers, those in a row as 1 to 80."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > _SHORT_RUN else ", ".join(map(str, run))
        for run in runs
    )


def no_face_kept(labels: Sequence[str]) -> str:
    """Say of which cases no reference face is kept, and what a check still finds."""
    return (
        f"No face of {', '.join(labels)} is on file. The program finds only photos known to show "
        "them, and copies of these. In all other photos, look for them yourself."
    )


def look_out_for(hints: Sequence[tuple[str, str]]) -> str:
    """Say, case by case, what may help to see them in any photo."""
    said = "; ".join(f"{label}, {looks}" for label, looks in hints)
    return f"Look for these people in every photo: {said}."


def not_yet_compared(labels: Sequence[str]) -> str:
    """Say of which cases a reference is withheld, and what to do."""
    return _WITHHELD.format(who=", ".join(labels))


def doubts_in(clearances: Sequence[Clearance]) -> list[str]:
    """Say what is wrong with the register or the clock, each once."""
    reasons = (reason for clearance in clearances for reason in clearance.decision.reasons)
    return list(
        dict.fromkeys(
            sentence(reason) for reason in reasons if reason.code == ReasonCode.REGISTER_IN_DOUBT
        )
    )


def listed(parts: Sequence[str]) -> str:
    """Return parts in a row: a, b and c."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def ended(text: str) -> str:
    """Return what somebody typed as a sentence that more can follow."""
    return text if not text or text[-1] in ".!?" else f"{text}."


def clock_time(moment: datetime) -> str:
    """Return a time of day as 2:05 PM."""
    return f"{moment:%I:%M %p}".removeprefix("0")


def long_day(day: date) -> str:
    """Return a day as May 14, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def sentence(reason: Reason) -> str:
    """Say a reason in a sentence with what to do, without anybody's name."""
    return _said([reason])


def sentences(reasons: Sequence[Reason]) -> list[str]:
    """Say reasons in sentences; those that differ only in the face are said in one."""
    alike: dict[tuple[object, ...], list[Reason]] = {}
    for reason in reasons:
        by_face = reason.face is not None
        # Who said what a face is of is told of each.
        said = reason.detail if reason.match is None else ""
        key = (reason.code, reason.verdict, reason.revocation, said if by_face else reason)
        alike.setdefault(key, []).append(reason)
    # Of parts of several known photos, or marks in one, the same sentence may come of each.
    return list(dict.fromkeys(_said(together) for together in alike.values()))


def _said(reasons: Sequence[Reason]) -> str:
    """Say reasons that differ only in the face, the surest match for all."""
    reason = min(reasons, key=_rate)
    # One face may match in two ways.
    numbers = dict.fromkeys(reason.face + 1 for reason in reasons if reason.face is not None)
    named = faces_named(list(numbers)) if numbers else ""
    at_face = f", {named}" if numbers else ""
    who = reason.revocation or "Somebody"
    match = reason.match
    if match is not None and reason.code == match.signal.code:
        said = match.signal.sentence(match, who, at_face, reason.detail)
        # As rare a likeness blocks elsewhere, in the same words: so it is said why not here.
        as_rare = match.signal.evidence is Evidence.FACE and _is_rarest(_rate(reason))
        return f"{said} {_NOT_ENOUGH}" if as_rare and reason.verdict is Verdict.REVIEW else said
    if reason.code is ReasonCode.SMALL_FACES:
        faces, whom = (
            ("face is", "the person") if reason.detail == "1" else ("faces are", "anybody")
        )
        return (
            f"{reason.detail} {faces} very small or unclear and could not be compared well: if you "
            f"recognize {whom}, look them up in the register."
        )
    if reason.code not in _PLAIN:
        return _TURNED.get(reason.detail, reason.detail)
    hint = f": look for {reason.detail}" if reason.detail else ""
    clock = f" ({reason.detail} by the camera's clock, which may be wrong)" if reason.detail else ""
    face = named.capitalize() if numbers else "A face"
    which = "this photo does not show" if reason.box is None else "who is marked in it is not"
    them = "them" if len(numbers) > 1 else "it"
    if numbers:
        which = f"{named} {'is' if len(numbers) == 1 else 'are'} not"
    return _PLAIN[reason.code].format(
        who=who,
        face=at_face,
        why=_NOT_COMPARED[reason.detail == FACES_OFF].format(them=them),
        Face=face,
        which=which,
        detail=_NOT_COVERED.get(reason.detail, reason.detail),
        ask="" if reason.detail == DO_NOT_ASK else " Ask first.",
        hint=hint,
        clock=clock,
        match="" if match is None else match.signal.in_short.format(who=who, face=at_face),
    )


def _rate(reason: Reason) -> float:
    rate = None if reason.match is None else reason.match.false_matches_per_million
    return float("inf") if rate is None else rate


def _is_rarest(per_million: float) -> bool:
    """Say whether a false-match rate is so low that it is no longer told from lower ones."""
    return 0 < per_million < 1_000_000 / _RAREST


def rarity(per_million: float | None) -> str:
    """Say a false-match rate as people say it."""
    if not per_million:
        return "match strength unknown"
    strangers = 1_000_000 / per_million
    if _is_rarest(per_million):
        return f"fewer than 1 in {_RAREST:,} strangers look this alike"
    digits = max(0, len(str(int(strangers))) - 2)
    rounded = round(strangers / 10**digits) * 10**digits
    return f"about 1 in {rounded:,} strangers look this alike"


def reason_to_dict(reason: Reason) -> dict[str, object]:
    """Return a reason as data for JSON."""
    match = reason.match
    return {
        "code": str(reason.code),
        "verdict": None if reason.verdict is None else reason.verdict.value,
        "revocation": reason.revocation,
        "face": reason.face,
        "face_number": None if reason.face is None else reason.face + 1,
        "box": None if reason.box is None else reason.box.as_list(),
        "known_photo": reason.known_photo,
        "score": None if match is None else match.score,
        "threshold": None if match is None else match.threshold,
        "unit": None if match is None else match.unit,
        "model": None if match is None else match.model_id,
        "false_matches_per_million": None if match is None else match.false_matches_per_million,
        "sentence": sentence(reason),
    }


def reasons_to_dicts(clearance: Clearance) -> list[dict[str, object]]:
    """Return a clearance's reasons and notes as data for JSON."""
    decision = clearance.decision
    return [reason_to_dict(reason) for reason in (*decision.reasons, *decision.notes)]


def clearance_to_dict(clearance: Clearance) -> dict[str, object]:
    """Return a clearance as data for JSON; notes apart from reasons."""
    decision = clearance.decision
    return {
        "path": clearance.path,
        "sha256": clearance.sha256,
        "verdict": decision.verdict.value,
        "label": decision.words,
        "faces": {"count": len(clearance.faces), "not_compared": clearance.uncomparable},
        "boxes": [face.box.as_list() for face in clearance.faces],
        "sentences": sentences(decision.reasons),
        "note_sentences": sentences(decision.notes),
        "reasons": [reason_to_dict(reason) for reason in decision.reasons],
        "notes": [reason_to_dict(reason) for reason in decision.notes],
    }
