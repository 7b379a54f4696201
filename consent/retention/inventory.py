"""Everything that is kept, and what becomes of it: each column, folder and cache.

A column, folder or cache that is added must be listed: `tests/integration/test_inventory.py` says
how. What erasing and disposal do is held to this list by the bytes of the whole data home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of something that is kept."""

    # Of no person of the register: numbers, dates, states, ids, staff.
    STAYS = "stays"
    # No record: gone at once with `likeness erase --face`.
    FACE = "erased with the face"
    # Of a record: gone with the case, once it is due and approved; see `likeness dispose`.
    DISPOSED = "destroyed with the case"
    # No record, and of no case: gone when its term has ended; see `likeness purge`.
    PURGED = "purged when its term ends"
    # Made from the rest, and made anew without what was erased.
    DERIVED = "made again"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table or a place on the disk: what it is, and the fate of each of its columns."""

    what: str
    columns: Mapping[Fate, str]

    def fates(self) -> dict[str, Fate]:
        """Return the fate of each column."""
        return {name: fate for fate, names in self.columns.items() for name in names.split()}


_BOX = "x1 y1 x2 y2"
_WHO = "at actor_id actor_role"

TABLES: Mapping[str, Kept] = {
    "person": Kept("that there is a person", {Fate.STAYS: "id created_at"}),
    "person_event": Kept(
        "name and facts of a person",
        {Fate.STAYS: f"id person_id place step {_WHO}", Fate.DISPOSED: "name facts"},
    ),
    "revocation": Kept("case numbers", {Fate.STAYS: "id number person_id created_at"}),
    "revocation_event": Kept(
        "steps of cases; the scope and dates stay, the other terms do not",
        {
            Fate.STAYS: f"id revocation_id place step effective_on received_on lapses_on {_WHO}",
            Fate.DISPOSED: "terms reason",
        },
    ),
    "evidence": Kept(
        "which letters came",
        {
            Fate.STAYS: "id revocation_id byte_size added_at",
            Fate.DISPOSED: "sha256 file_name",
        },
    ),
    "template": Kept(
        "photos of the person",
        {Fate.FACE: f"id revocation_id photo_sha256 {_BOX} crop added_at norm"},
    ),
    "template_encoding": Kept("their vectors", {Fate.FACE: "template_id model_id vector"}),
    "reference_trial": Kept(
        "how many photos a photo of the person matches",
        {Fate.FACE: f"id template_id revocation_id photos matched crowded alike confirmed {_WHO}"},
    ),
    "sighting": Kept(
        "decisions about who is in a photo",
        {Fate.DISPOSED: f"id photo_sha256 revocation_id {_BOX} state note wearing {_WHO}"},
    ),
    "face_look": Kept(
        "faces in which someone recognized nobody from the register",
        {Fate.STAYS: f"id photo_sha256 {_BOX} taken_back {_WHO}"},
    ),
    "face_decision": Kept(
        "decisions about what a face shows, such as a doll",
        {Fate.STAYS: f"id photo_sha256 {_BOX} kind note despite {_WHO}"},
    ),
    "verbal_consent": Kept(
        "spoken answers",
        {
            Fate.STAYS: "id asked_by asked_on given kinds channels photo_sha256 event_id "
            f"expires_on same_as at {_BOX}",
            Fate.PURGED: "name guardian note",
        },
    ),
    "verbal_consent_correction": Kept(
        "answers entered by mistake", {Fate.STAYS: f"consent_id reason {_WHO}"}
    ),
    "override": Kept(
        "overrides",
        {
            Fate.STAYS: "id photo_sha256 channel publication lifts reason expires_on "
            f"needs_second {_WHO}"
        },
    ),
    "override_step": Kept(
        "what happened to them", {Fate.STAYS: f"id override_id step reason {_WHO}"}
    ),
    "clearance": Kept(
        "verdicts of checks",
        {
            Fate.PURGED: "id photo_sha256 path channel publication verdict reasons "
            f"register_version policy_version {_WHO}"
        },
    ),
    "publication": Kept(
        "what was published",
        {
            Fate.STAYS: "id photo_sha256 channel piece url published_on by at source_url "
            "found_as found_how planned"
        },
    ),
    "publication_undone": Kept(
        "posts recorded by mistake",
        {Fate.STAYS: f"publication_id reason {_WHO}"},
    ),
    "source_check": Kept(
        "whether a reused post is still there",
        {Fate.STAYS: "id publication_id there checked_on by at"},
    ),
    "scheduled_post": Kept(
        "planned posts", {Fate.STAYS: "id photo_sha256 channel piece planned_on by at together"}
    ),
    "scheduled_post_step": Kept("what happened to them", {Fate.STAYS: "id post_id step by at"}),
    "named_photo": Kept(
        "which photos have a name in their text, without the name",
        {Fate.DISPOSED: f"id photo_sha256 revocation_id place likeness {_BOX}"},
    ),
    "made_copy": Kept(
        "copies that the program made of photos",
        {Fate.STAYS: f"sha256 photo_sha256 kind channel fill other_boxes {_WHO} {_BOX}"},
    ),
    "takedown": Kept(
        "published copies to take down",
        {Fate.STAYS: "id number publication_id revocation_id due_on safety"},
    ),
    "takedown_event": Kept(
        "steps of takedowns; the files are in the vault",
        {
            Fate.STAYS: f"id takedown_id state owner stop_reprint stock kept_until {_WHO}",
            Fate.DISPOSED: "note proof kept_copy",
        },
    ),
    "appeal": Kept(
        "Statements of Concern",
        {
            Fate.STAYS: "id number takedown_id received_on due_on at actor_id",
            Fate.DISPOSED: "name contact about statement statement_name",
        },
    ),
    "appeal_step": Kept(
        "their answers",
        {Fate.STAYS: "id appeal_id step decision on at actor_id", Fate.DISPOSED: "reason"},
    ),
    "review_pair": Kept(
        "questions in Review",
        {
            Fate.DERIVED: "id kind photo_sha256 boxes label revocation_id score "
            "false_matches_per_million hint taken_at published_on checked_at origin surely settled"
        },
    ),
    "review_search": Kept("how cases were searched for", {Fate.DERIVED: "revocation_id digest"}),
    "review_state": Kept(
        "how far these searches have come",
        {Fate.DERIVED: "id version sequence day last_face last_check"},
    ),
    "job": Kept(
        "long jobs, with file names and verdicts",
        {Fate.PURGED: "id kind state request done total message result created_at updated_at"},
    ),
    "job_part": Kept("their first results", {Fate.PURGED: "id job_id results"}),
    "photo": Kept(
        "hashes of photos, to find copies, and camera data",
        {
            Fate.STAYS: "sha256 byte_size width height image_format pdq pdq_quality phash dhash "
            "trimmed taken_at camera has_gps orientation turning frames frames_seen face_count "
            "indexed_at"
        },
    ),
    "place": Kept(
        "where photos are stored; for an uploaded portrait, erased with the face",
        {Fate.STAYS: "path photo_sha256 event_id byte_size mtime_ns seen_at"},
    ),
    "problem": Kept(
        "files that could not be read", {Fate.STAYS: "path code reason byte_size mtime_ns seen_at"}
    ),
    "event": Kept("events", {Fate.STAYS: "id name held_on place public_space created_at"}),
    "kept_event": Kept("which event a photo is from", {Fate.STAYS: "photo_sha256 event_id"}),
    "face": Kept(
        "where faces are in photos, and how well they can be compared",
        {
            Fate.STAYS: "id photo_sha256 place_in_photo landmarks detector_score size_px "
            f"sharpness yaw contrast burnt_out bare norm prominence eye_light few_tones {_BOX}"
        },
    ),
    "face_encoding": Kept(
        "encrypted vectors of faces in photos; erased with the face: those of a portrait that only "
        "the case uses; none if faces are not indexed",
        {Fate.FACE: "face_id model_id vector"},
    ),
    "face_token": Kept("states of the vectors", {Fate.DERIVED: "id token"}),
    "local_features": Kept(
        "spots in photos, to find parts of copies",
        {Fate.STAYS: "photo_sha256 method points descriptors"},
    ),
    "design_features": Kept(
        "finer spots in flyers", {Fate.STAYS: "photo_sha256 method points descriptors"}
    ),
    "print_piece": Kept(
        "print pieces", {Fate.STAYS: "id number channel title issue print_on run editor at"}
    ),
    "print_step": Kept(
        "their steps",
        {Fate.STAYS: f"id piece_id state reason signed_as audit_id stock layout_unseen {_WHO}"},
    ),
    "print_layout": Kept(
        "their layouts", {Fate.STAYS: "id piece_id name replaces at actor_id named rules"}
    ),
    "placed_photo": Kept(
        "photos in them",
        {
            Fate.STAYS: "id layout_id page number name photo_sha256 found problem repeats counted "
            f"picture_sha256 {_BOX}"
        },
    ),
    "placed_photo_step": Kept(
        "photos taken out and put back",
        {Fate.STAYS: "id placed_id taken_out at actor_id reason"},
    ),
    "print_audit": Kept(
        "audits of pieces, with case numbers",
        {
            Fate.STAYS: "id piece_id register_version policy_version model photos by_eye rules "
            f"{_WHO}"
        },
    ),
    "calibration_change": Kept(
        "changes to the calibration", {Fate.STAYS: f"id reason document {_WHO}"}
    ),
    "faces_change": Kept(
        "the director's choices about faces", {Fate.STAYS: f"id mode reason {_WHO}"}
    ),
    "audit_event": Kept(
        "the log, which holds no names and no vectors",
        {
            Fate.STAYS: "place action subject details changes_register previous digest rows "
            f"scheme {_WHO}"
        },
    ),
    "register_seal": Kept(
        "how many rows the tables of the register should have", {Fate.STAYS: "part rows"}
    ),
    "home_mark": Kept(
        "the last times at which the program trusted the clock",
        {Fate.STAYS: "id clock sure looked"},
    ),
    "log_row": Kept(
        "digests of rows as they were written",
        {Fate.STAYS: "id sequence table_name row_key digest"},
    ),
    "home_key": Kept(
        "which key protects the data home",
        {Fate.STAYS: "id home key_id wrapped since keyed_from sealed"},
    ),
    "sealed_key": Kept(
        "the keys of people and appeals, destroyed with the case; the keys of the faces in the "
        "index, each for a block of them",
        {Fate.STAYS: "owner made_at", Fate.DISPOSED: "wrapped"},
    ),
    "legal_hold": Kept(
        "legal holds on cases",
        {Fate.STAYS: f"id revocation_id step matter ordered_by reason {_WHO}"},
    ),
    "disposal": Kept(
        "records to be destroyed together",
        {Fate.STAYS: "id number series revocation_ids first_day last_day volume_bytes"},
    ),
    "disposal_step": Kept(
        "their approval and certificate", {Fate.STAYS: f"id disposal_id step note digest {_WHO}"}
    ),
    "account": Kept(
        "staff accounts",
        {
            Fate.STAYS: "id name kind roles created_at password totp totp_step code code_ends_at "
            "wrong held_until locked subject"
        },
    ),
    "access_session": Kept(
        "sessions of accounts",
        {
            Fate.STAYS: "id account_id token kind stage created_at seen_at fresh_at ends_at "
            "ended_at label"
        },
    ),
    "alembic_version": Kept("the version of the tables", {Fate.STAYS: "version_num"}),
}

# What lies in the data home, by its name there.
FOLDERS: Mapping[str, tuple[Fate, str]] = {
    "likeness.db": (Fate.STAYS, "the tables; removed data is overwritten"),
    "likeness.db-wal": (Fate.DERIVED, "SQLite's journal, cut off after an erasure"),
    "likeness.db-shm": (Fate.DERIVED, "SQLite's index of the journal"),
    "vault": (Fate.DISPOSED, "letters and proofs; face crops are erased with the face"),
    "thumbnails": (
        Fate.FACE,
        "small pictures; erased with the face: that of a portrait that only the case uses",
    ),
    "vectors": (Fate.DERIVED, "vectors, arranged for search; an erasure removes all files"),
    "spots": (Fate.DERIVED, "spots, arranged for search"),
    "uploads": (
        Fate.PURGED,
        "photos during a check and for a day; a portrait is erased with the face",
    ),
    "drafts": (
        Fate.PURGED,
        "unfinished forms, for a day; those with the portrait are erased with the face",
    ),
    "before-restore-...": (Fate.FACE, "old data that a restore replaced; any erasure removes it"),
    ".backup-...": (
        Fate.FACE,
        "a backup that was cut off; the next, or any erasure, removes it",
    ),
    ".restore-...": (
        Fate.FACE,
        "a restore that was cut off; the next, or any erasure, removes it",
    ),
    "last-seen.json": (Fate.STAYS, "the last state of the register, and the last numbers used"),
    "weights": (Fate.STAYS, "the models"),
}

# What a process keeps in memory, by the class that it is of, or the function that keeps texts.
CACHES: Mapping[str, str] = {
    "CloseMatches": "compared anew when the photos of the person are others",
    "WholePhotos": "which photos of the index were looked at; no faces",
    "KnownCases": "cases without names; read anew when anything is entered of them, or destroyed",
    "_Looks": "who looked at which case when, by ids; no names and no faces",
    "DecidedPhotosKept": "hashes of photos that were decided on; no faces",
    "script_of": "single letters of other scripts, and the font of each",
    "_made": "how words in other scripts are drawn in documents, also words of names; no database "
    "or file has it, and it goes when the program ends",
    "_read": "the library's policy",
    "_texts": "the texts of receipts, without anybody's name",
}


def as_table() -> list[tuple[str, str, str, str]]:
    """Return all of it for people: where, what, and what becomes of which columns."""
    rows = [
        (name, kept.what, fate.value, names)
        for name, kept in TABLES.items()
        for fate, names in kept.columns.items()
    ]
    return rows + [(name, what, fate.value, "") for name, (fate, what) in FOLDERS.items()]
