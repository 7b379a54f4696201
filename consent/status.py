"""What is there: counts, register version, weights, problems, settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.domain.actors import Actor
from consent.domain.cases import State
from consent.domain.faces import Faces
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.indexing.custom_encoder import EncoderState, encoder_state, nothing_encodes_by
from consent.indexing.thresholds import Workload, in_words
from consent.jobs.figures import Figures, read_figures
from consent.matching.not_compared import NotCompared, not_compared
from consent.services import Services
from media_index.faces.dlib import described
from media_index.faces.onnx_encoder import LICENCES
from media_index.faces.weights import missing_from
from media_index.types import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the installation.

    Attributes:
        counts: of photos, places, faces, events, problems.
        database: what keeps register and index: its kind and version.
        log_broken_at: sequence of the first log entry that was tampered with, if any.
        counted_at: when log and workload were looked at, by the library's clock; or None.
        not_compared: photos with faces that are not compared.
        dlib_network: what runs the network of dlib's encoder, in words.
        workload: what the thresholds flag and miss with the register of today, in words; empty
            while nobody is looked for by the face.
        compared_by: ids of the models by which faces are compared.
        unavailable: those of them that nothing encodes new photos by.
        encoder: how far the custom encoder has come; None where the settings name none.
        settings: by name, without passwords.
    """

    counts: Mapping[str, int]
    revocations: Mapping[str, int]
    templates: int
    database: str
    register_version: int
    log_broken_at: int | None
    counted_at: datetime | None
    missing_weights: tuple[str, ...]
    not_compared: NotCompared
    dlib_network: str
    problems: tuple[Problem, ...]
    policy: str
    faces: Faces
    calibration: str
    workload: str
    compared_by: tuple[str, ...]
    unavailable: tuple[str, ...]
    encoder: EncoderState | None
    settings: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        """Return the status as data for JSON."""
        return {
            "index": dict(self.counts),
            "revocations": dict(self.revocations),
            "templates": self.templates,
            "database": self.database,
            "register_version": self.register_version,
            "log_broken_at": self.log_broken_at,
            "missing_weights": list(self.missing_weights),
            "not_compared": self.not_compared.photos,
            "files_gone": self.not_compared.gone,
            "dlib_network": self.dlib_network,
            "problems": [problem.to_dict() for problem in self.problems],
            "policy": self.policy,
            "faces": self.faces.value,
            "calibration": self.calibration,
            "workload": self.workload,
            "compared_by": list(self.compared_by),
            "unavailable_models": list(self.unavailable),
            "encoder": None if self.encoder is None else self.encoder.to_dict(),
            "settings": dict(self.settings),
        }

    @property
    def bad_files(self) -> tuple[Problem, ...]:
        """The files that something is wrong with themselves."""
        return tuple(one for one in self.problems if one.code is not ProblemCode.WEIGHTS_MISSING)

    @property
    def not_looked_at(self) -> str:
        """How many photos a missing part of the program kept from being looked at, in words."""
        count = len(self.problems) - len(self.bad_files)
        photos = counted(count, "photo was", "photos were")
        return _NOT_LOOKED_AT.format(photos=photos) if count else ""

    def _custom(self) -> list[tuple[str, str]]:
        if self.encoder is None:
            return []
        return [("further encoder", self.encoder.sentence()), ("its license", LICENCES)]

    def wrong(self) -> list[str]:
        """Say in plain words what is wrong with the program, and what to do."""
        said = [
            sentence
            for is_so, sentence in (
                (self.log_broken_at is not None, _LOG_BROKEN),
                (bool(self.missing_weights), _NO_FACES),
                (bool(self.unavailable), _NOT_ENCODED),
            )
            if is_so
        ]
        return [*said, *self.not_compared.doubts]

    def in_short(self) -> list[tuple[str, str]]:
        """Return how much is here, for whoever is not of the IT."""
        cases = {State(name).words: count for name, count in self.revocations.items()}
        return [
            ("photos", f"{self.counts['photos']:,}"),
            ("events", f"{self.counts['events']:,}"),
            *((f"cases: {words}", f"{count:,}") for words, count in cases.items()),
            ("faces", self.faces.words),
            ("policy version", self.policy),
        ]

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return headings with names and values, for people."""
        weights = ", ".join(self.missing_weights)
        log = "unbroken" if self.log_broken_at is None else f"BROKEN at {self.log_broken_at}"
        log = (
            f"{log} ({self.counted_at:%Y-%m-%d %H:%M})" if self.counted_at else "not looked at yet"
        )
        return [
            ("Index", [(name, f"{count:,}") for name, count in self.counts.items()]),
            (
                "Register",
                [
                    *((f"revocations {name}", str(n)) for name, n in self.revocations.items()),
                    ("photos of the person", str(self.templates)),
                    ("version", str(self.register_version)),
                    ("kept in", self.database),
                    ("backup", "likeness backup FILE; a copy of the folder in use is not a backup"),
                    ("log", log),
                ],
            ),
            (
                "Models",
                [
                    (
                        "weights",
                        f"missing: {weights}; run likeness weights" if weights else "there",
                    ),
                    ("dlib's network", self.dlib_network),
                    ("faces", f"{self.faces.words} ({self.faces.value})"),
                    ("calibration", self.calibration),
                    *((("to look at", self.workload),) if self.workload else ()),
                    ("compared by", ", ".join(self.compared_by)),
                    *(
                        ("missing encoder", _NOTHING.format(model=model))
                        for model in self.unavailable
                    ),
                    *self._custom(),
                    *(
                        ("not compared", said)
                        for said in (*self.not_compared.doubts, *self.not_compared.notes)
                    ),
                ],
            ),
            (
                "Problems",
                [
                    *((("not looked at", self.not_looked_at),) if self.not_looked_at else ()),
                    *((problem.path.name, problem.reason) for problem in self.bad_files),
                ],
            ),
            ("Settings", [("policy version", self.policy), *self.settings.items()]),
        ]


_LOG_BROKEN = "The log is broken: someone may have changed it. Tell the director and your IT today."
_NO_FACES = (
    "Faces are not compared: a part of the program is missing. Until your IT has installed it, "
    "every photo with a face is marked Not checked."
)
_NOT_LOOKED_AT = (
    "{photos} not looked at, because a part of the program was missing, so nobody can be found "
    "in them. For your IT: run likeness weights, then likeness index on their folders."
)
_NOT_ENCODED = (
    "The faces in new photos are not compared. Tell your IT. The details are under For your IT."
)
_NOTHING = (
    "Nothing encodes new photos by {model}: set LIKENESS_ENCODER to its file, or go back with "
    "likeness calibrate --back."
)


@for_roles(Duty.READ_STATUS)
def read_status(services: Services, actor: Actor, figures: Figures | None = None) -> Status:
    """Read the state of the installation.

    The figures are those that were counted; what is of them is left out without.
    """
    today, calibration = services.today(), services.calibration
    with services.reading() as unit:
        states = Counter(case.state(today) for case in unit.register.revocations())
        return Status(
            counts={**unit.photos.counts(), "events": unit.events.count()},
            revocations={state.value: states[state] for state in State if states[state]},
            templates=unit.register.count_templates(),
            database=unit.server(),
            register_version=unit.audit.register_version(),
            log_broken_at=None if figures is None else figures.log_broken_at,
            counted_at=None if figures is None else services.local(figures.at),
            missing_weights=tuple(
                weights.name for weights in missing_from(services.settings.weights)
            ),
            not_compared=not_compared(services, unit),
            dlib_network=described(services.settings.weights),
            problems=tuple(unit.photos.problems()),
            policy=services.policy.version,
            faces=unit.faces.mode(),
            calibration=calibration.provenance,
            workload="" if figures is None else _in_words(figures.workload),
            compared_by=tuple(calibration.scales),
            unavailable=nothing_encodes_by(services),
            encoder=encoder_state(services, unit),
            settings=_settings(services),
        )


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """What waits to be looked into.

    Attributes:
        faces_missing: faces are not compared at all: their models are not in place.
    """

    others: int
    faces_missing: bool


@for_roles(Duty.READ_STATUS)
def count_problems(services: Services, actor: Actor) -> ProblemCount:
    """Count what the status says is wrong, as far as that is known without a search."""
    figures, _ = read_figures(services, actor)
    with services.reading() as unit:
        unreadable = unit.photos.count_problems()
    broken = figures is not None and figures.log_broken_at is not None
    return ProblemCount(unreadable + broken, bool(missing_from(services.settings.weights)))


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a library has done of what it begins with.

    Attributes:
        accounts: more than one person can sign in.
        photos: some are in the index.
        cases: somebody has asked.
    """

    accounts: bool
    photos: bool
    cases: bool

    @property
    def done(self) -> bool:
        """Whether nothing of it is left."""
        return self.accounts and self.photos and self.cases


def read_beginning(services: Services) -> Beginning:
    """Return what a library has done of what it begins with; anybody may know it."""
    with services.reading() as unit:
        return Beginning(
            accounts=len(unit.access.accounts()) > 1,
            photos=unit.photos.any(),
            cases=unit.seal.anybody(),
        )


def _in_words(work: Workload) -> str:
    return in_words(work.today(), work.matching.tolerable_flags) if work.count else ""


def _settings(services: Services) -> dict[str, str]:
    settings = services.settings
    shown = {
        f"LIKENESS_{name.upper()}": str(value) for name, value in settings.model_dump().items()
    }
    shown["LIKENESS_DATABASE_URL"] = settings.shown_url
    return shown
