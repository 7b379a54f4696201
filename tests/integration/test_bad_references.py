"""One bad reference does not flood the work: it waits until somebody has looked at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from consent.cases.change import end_template_agreement
from consent.checking.check import judge_photos
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Template
from consent.domain.changes import RegisterChanged
from consent.domain.errors import NotFoundError
from consent.domain.log import Action
from consent.domain.review import PairKind
from consent.domain.terms import Requester, Scope, Submission, TemplateAgreement, Terms
from consent.domain.verdicts import ReasonCode, Verdict
from consent.domain.wording import sentences
from consent.matching.sweep import sweep
from consent.matching.trials import confirm_reference, try_references, withheld_references
from consent.review.asked import all_pairs
from consent.review.queue import review_queue
from consent.services import Services
from consent.takedowns.board import list_takedowns
from media_index.types import NO_STAMP, Face, FaceQuality, Fingerprint
from tests.contract.photo_cases import fingerprint
from tests.staff import ANYBODY

STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset(Role))
NOW = datetime(2026, 6, 2, 14, 0, tzinfo=UTC)
GOOD = FaceQuality(160.0, 400.0, 0.0, 150.0, 0.0, 0.3, 13.0, 1.0)


# Enough to match, while two faces that are so like it do not match one another.
LIKE_A_BLUR = 0.55


class Faces:
    """Vectors as far apart as strangers' are, and some alike."""

    def __init__(self, services: Services) -> None:
        self.models = list(services.calibration.scales)
        self.random = np.random.default_rng(5)

    def stranger(self) -> np.ndarray:
        vector = self.random.normal(size=128)
        return vector / np.linalg.norm(vector)

    def like(self, vector: np.ndarray, share: float = 0.8) -> np.ndarray:
        noise = self.stranger()
        noise -= noise @ vector * vector
        return share * vector + np.sqrt(1 - share**2) * noise / np.linalg.norm(noise)

    def face(self, vector: np.ndarray, index: int = 0) -> Face:
        known = fingerprint(1, faces=index + 1).faces[index]
        encodings = {
            model: (vector * (0.58 if model.startswith("dlib") else 1.0)).astype(np.float32)
            for model in self.models
        }
        box = replace(known.box, x1=500 * index, x2=500 * index + 160, y1=90, y2=290)
        return replace(known, box=box, quality=GOOD, encodings=encodings, detector_score=0.95)


def index(services: Services, faces: list[list[Face]], first: int = 100) -> list[Fingerprint]:
    shots = [
        replace(fingerprint(first + number, faces=0), faces=tuple(of))
        for number, of in enumerate(faces)
    ]
    with services.writing() as unit:
        unit.photos.add(shots, NOW)
        for shot in shots:
            unit.photos.put_place(f"/photos/{shot.sha256}.jpg", shot.sha256, NO_STAMP, None, NOW)
        unit.audit.append(Action.INDEX_PHOTOS_ADDED, "index", STAFF, NOW)
        unit.commit()
    return shots


def revoke(services: Services, *references: Face, number: int = 1) -> str:
    day, case = date(2026, 5, 1), f"case{number}"
    portraits = index(services, [[face] for face in references], 9000 + 10 * number)
    terms = Terms(
        Scope(),
        Submission(day),
        Requester("A. Reader"),
        day,
        template_agreement=TemplateAgreement(day, "To find them."),
    )
    with services.writing() as unit:
        unit.register.add_person(Person(f"p{number}", f"Reader {number}"), NOW, STAFF)
        unit.register.open_case(case, number, f"p{number}", NOW)
        unit.register.append(CaseEvent(case, CaseStep.RECORDED, NOW, STAFF, day, terms))
        for each, shot in enumerate(portraits):
            face = shot.faces[0]
            crop = services.vault.put(b"%d %d" % (number, each))
            unit.register.add_template(
                Template(
                    f"{case}-{each}", case, shot.sha256, face.box, face.encodings, crop, NOW, 13.0
                )
            )
        unit.audit.append(Action.REVOCATION_RECORDED, case, STAFF, NOW)
        unit.changes(RegisterChanged(STAFF, f"R-{number:04d}"))
        unit.commit()
    return f"R-{number:04d}"


def check(services: Services, shots: list[Fingerprint]):
    named = {f"{shot.sha256[-4:]}.jpg": shot.sha256 for shot in shots}
    return judge_photos(services, named, {}, services.policy.use("facebook"), STAFF)


def asked(services: Services, shots: list[Fingerprint]) -> list[str | None]:
    """The cases that somebody is asked about in these photos."""
    among = {shot.sha256 for shot in shots}
    kept = review_queue(services, ANYBODY).pairs
    with services.reading() as unit:
        worked_out = {pair.key for pair in all_pairs(services, unit) if not pair.settled}
    assert {pair.key for pair in kept} <= worked_out
    return [
        pair.label for pair in kept if pair.kind is PairKind.FACE and pair.photo_sha256 in among
    ]


@pytest.fixture
def faces(services: Services) -> Faces:
    return Faces(services)


@pytest.fixture
def flooded(services: Services, faces: Faces) -> tuple[Services, list[Fingerprint], Face]:
    """An index of which a quarter is like one blurred head, and like nobody else."""
    blur = faces.stranger()
    shots = index(
        services,
        [
            [faces.face(faces.like(blur, LIKE_A_BLUR) if number % 4 == 0 else faces.stranger())]
            for number in range(240)
        ],
    )
    return services, shots, faces.face(blur)


def test_a_reference_that_matches_a_quarter_of_the_photos_waits_for_a_person(flooded):
    services, shots, head = flooded
    label = revoke(services, head)

    report = check(services, shots[:8])
    assert {one.decision.verdict for one in report.clearances} == {Verdict.CLEAR}
    # Never in silence: of the check, and of every photo.
    assert report.withheld == (label,)
    assert report.without_face == (label,)
    for clearance in report.clearances:
        assert ReasonCode.REFERENCE_WITHHELD in {one.code for one in clearance.decision.notes}
        assert "confirm it in Review" in " ".join(sentences(clearance.decision.notes))
    assert not asked(services, shots)
    with services.reading() as unit:
        (waiting,) = withheld_references(services, unit, ANYBODY)
    assert waiting.only
    assert waiting.trial.sentence.startswith("This picture matches 25 % of your photos.")
    assert sweep(services, label, STAFF).remark.startswith("This matches 25 % of your photos")
    assert not list_takedowns(services, ANYBODY)

    confirm_reference(services, waiting.trial.template_id, STAFF)

    report = check(services, shots[:8])
    verdicts = [one.decision.verdict for one in report.clearances]
    assert verdicts[0] is not Verdict.CLEAR
    assert report.withheld == report.without_face == ()
    assert len(asked(services, shots)) == 60
    with pytest.raises(NotFoundError):
        confirm_reference(services, waiting.trial.template_id, STAFF)
    try_references(services)
    assert check(services, shots[:1]).withheld == (), "confirmed stays confirmed"

    confirm_reference(services, waiting.trial.template_id, STAFF, taken_back=True)
    assert check(services, shots[:1]).withheld == (label,)
    with pytest.raises(NotFoundError, match="Nobody has confirmed"):
        confirm_reference(services, waiting.trial.template_id, STAFF, taken_back=True)


def test_who_gave_the_talk_is_found_in_every_photo_of_it(services: Services, faces: Faces):
    """In a new library, the photos of one evening are all there is."""
    speaker = faces.stranger()
    label = revoke(services, faces.face(speaker))
    shots = index(
        services,
        [
            [faces.face(faces.like(speaker) if number % 4 == 0 else faces.stranger())]
            for number in range(240)
        ],
    )

    report = check(services, shots[:8])

    assert (report.withheld, report.without_face) == ((), ())
    verdicts = [one.decision.verdict for one in report.clearances]
    assert verdicts == [Verdict.BLOCKED, *[Verdict.CLEAR] * 3] * 2
    assert report.clearances[0].decision.reasons[0].revocation == label


def test_what_was_withheld_is_tried_again_where_nobody_had_looked_whether_it_is_one_person(
    flooded,
):
    services, shots, head = flooded
    revoke(services, head)
    with services.writing() as unit:
        (trial,) = unit.references.withheld().values()
        unit.references.add(replace(trial, alike=None))
        unit.commit()

    check(services, shots[:1])

    with services.reading() as unit:
        (trial,) = unit.references.withheld().values()
    assert trial.alike is not None


def test_the_others_of_the_case_still_speak(flooded, faces: Faces):
    services, _, head = flooded
    reader = faces.stranger()
    (photo,) = index(services, [[faces.face(faces.like(reader, 0.9))]], 5000)
    label = revoke(services, head, faces.face(reader))

    report = check(services, [photo])
    assert report.withheld == (label,)
    assert report.without_face == ()
    assert report.clearances[0].decision.verdict is Verdict.BLOCKED
    assert asked(services, [photo]) == [label]


def test_several_faces_of_one_photo_are_not_one_person(services: Services, faces: Faces):
    blur = faces.stranger()
    group = [[faces.face(faces.like(blur), index) for index in range(4)] for _ in range(3)]
    shots = index(services, group)
    label = revoke(services, faces.face(blur))
    assert check(services, shots).withheld == (label,)


def test_it_is_tried_again_when_the_index_has_grown(services: Services, faces: Faces):
    blur = faces.stranger()
    label = revoke(services, faces.face(blur))
    assert not check(services, []).withheld
    index(services, [[faces.face(faces.like(blur, LIKE_A_BLUR))] for _ in range(60)])
    assert check(services, []).withheld == (), "one evening may be of one speaker"
    index(services, [[faces.face(faces.stranger())] for _ in range(160)], 1000)
    assert check(services, []).withheld == (label,)


def test_a_face_like_many_people_asks_once_and_blocks_nothing(services: Services, faces: Faces):
    blob = faces.stranger()
    (photo,) = index(services, [[faces.face(blob)]])
    labels = [
        revoke(services, faces.face(faces.like(blob, 0.95)), number=number)
        for number in range(1, 7)
    ]
    (clearance,) = check(services, [photo]).clearances
    assert clearance.decision.verdict is Verdict.REVIEW
    (reason,) = [one for one in clearance.decision.reasons if one.code is ReasonCode.FACE]
    (label,) = asked(services, [photo])
    assert {label, reason.revocation} <= set(labels)


def test_what_was_tried_is_erased_with_the_face(flooded):
    services, shots, head = flooded
    label = revoke(services, head)
    end_template_agreement(services, label, "Asked to.", STAFF)
    with services.reading() as unit:
        assert unit.references.last() == {}
        assert withheld_references(services, unit, ANYBODY) == []
    assert check(services, shots[:1]).withheld == ()
