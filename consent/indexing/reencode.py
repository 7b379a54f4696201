"""A custom encoder: encode what is indexed by it too, and put it in use once all is encoded.

Until then faces are compared by the encoders in use; what those made stays, also afterwards, so
that one can go back (`in_use.go_back`). Decisions are keyed to photo, place in it and
case, and hold as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from consent.domain.actors import Actor
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.indexing.custom_encoder import CustomEncoder, custom_encoder, is_in_use
from consent.indexing.in_use import use_calibration
from consent.indexing.rebuild import face_encodings
from consent.services import Services
from media_index.files.places import is_file_now, place_of
from media_index.files.pool import IN_FLIGHT, ingest
from media_index.fingerprinting import KnownFaces
from media_index.types import CustomEncodings, Problem

# Written together.
_BATCH = 32
# Known faces held in memory at a time; each portion starts its worker processes anew.
_PORTION = 2_000


@dataclass(slots=True)
class EncodingReport:
    """What came of encoding by another model.

    Attributes:
        left: photos with faces that it has not encoded: at none of their places, unreadable, or
            the model gave no numbers.
        lost: labels of cases with a reference face that it has not encoded.
    """

    model_id: str
    faces: int = 0
    templates: int = 0
    left: int = 0
    problems: list[Problem] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    in_use: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "model": self.model_id,
            "faces": self.faces,
            "reference_faces": self.templates,
            "photos_left": self.left,
            "lost": self.lost,
            "in_use": self.in_use,
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def sentence(self) -> str:
        """Return in words whether it is in use, and what is in the way."""
        references = counted(self.templates, "photo of the person", "photos of the person")
        done = f"{counted(self.faces, 'face')} and {references} encoded."
        ways = []
        if self.left:
            ways.append(
                f"{counted(self.left, 'photo has', 'photos have')} faces that it has not "
                "encoded. A search would not find them, and a check would say that they can't "
                "be compared."
            )
        if self.lost:
            ways.append(
                f"A photo of the person in {', '.join(self.lost)} can't be encoded: ask for a "
                "new photo, or the program can't find the person with it."
            )
        where = (
            "The program now compares faces with it."
            if self.in_use
            else "It is not in use; to use it anyway: likeness renew --encoder --even-so."
        )
        return " ".join([f"{self.model_id}: {done}", *ways, where])


@for_roles(Duty.CHANGE_ENCODER)
def adopt_custom_encoder(
    services: Services,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    *,
    jobs: int = 0,
    even_so: bool = False,
) -> EncodingReport:
    """Encode what the custom encoder has not encoded yet, and put it in use once nothing is left.

    Killed in between, it is run again, and goes on where it was. Progress counts photos and
    reference faces. With `even_so` it is put in use although some faces cannot be encoded.

    Raises:
        RefusedError: the role does not allow it.
        SetupError: there is no custom encoder, or no calibration for it.
        EncoderFileError: its file cannot be used.
    """
    custom = custom_encoder(services)
    run = _Run(services, actor, custom, progress or (lambda _done, _total: None))
    run.photos(jobs or services.settings.workers)
    run.references()
    run.finish(even_so=even_so)
    return run.report


class _Run:
    def __init__(
        self,
        services: Services,
        actor: Actor,
        custom: CustomEncoder,
        progress: Callable[[int, int], None],
    ) -> None:
        self._services, self._actor, self._custom = services, actor, custom
        self._progress = progress
        self._done = 0
        self.report = EncodingReport(custom.model_id)

    def photos(self, workers: int) -> None:
        """Encode the faces of photos; those that others index meanwhile too."""
        tried: set[str] = set()
        while wanted := [sha256 for sha256 in self._lacking() if sha256 not in tried]:
            tried.update(wanted)
            self._progress(self._done, self._done + len(wanted))
            for start in range(0, len(wanted), _PORTION):
                self._portion(wanted[start : start + _PORTION], workers, self._done + len(wanted))

    def _lacking(self) -> list[str]:
        with self._services.reading() as unit:
            return unit.photos.photos_lacking(self._custom.model_id)

    def _portion(self, photos: Sequence[str], workers: int, total: int) -> None:
        services = self._services
        tasks = list(self._known(photos))
        # What is at none of its places is done with as well.
        self._done += len(photos) - len(tasks)
        batch: list[CustomEncodings] = []
        count = min(workers, max(1, len(tasks)))
        outcomes = ingest(
            tasks,
            services.encode_faces,
            lambda: services.make_executor(count),
            max(IN_FLIGHT, 2 * count),
        )
        for item in outcomes:
            if isinstance(item.outcome, Problem):
                self.report.problems.append(item.outcome)
            else:
                batch.append(item.outcome)
            if len(batch) >= _BATCH:
                self._write(batch)
            self._done += 1
            self._progress(self._done, max(total, self._done))
        self._write(batch)

    def _known(self, photos: Sequence[str]) -> Iterator[KnownFaces]:
        with self._services.reading() as unit:
            places = unit.photos.places_of(photos)
            lacking = unit.photos.places_lacking(photos, self._custom.model_id)
            known = unit.photos.fingerprints(photos)
        for sha256, photo in known.items():
            path = next(filter(is_file_now, map(place_of, places.get(sha256, ()))), None)
            faces = tuple(face for face in photo.faces if face.index in lacking.get(sha256, ()))
            if path is not None and faces:
                yield KnownFaces(path, sha256, faces)

    def _write(self, batch: list[CustomEncodings]) -> None:
        if not batch:
            return
        with self._services.writing() as unit:
            faces = unit.photos.add_encodings(batch)
            details = {"photos": len(batch), "faces": faces, "model": self._custom.model_id}
            unit.audit.append(
                Action.INDEX_ENCODED, "index", self._actor, self._services.now(), details
            )
            unit.commit()
        self.report.faces += faces
        batch.clear()

    def references(self) -> None:
        """Encode the reference faces, from their photos in the index or from their crops."""
        model = self._custom.model_id
        with self._services.reading() as unit:
            templates = unit.register.templates()
        lacking = [template for template in templates if model not in template.encodings]
        for count, template in enumerate(lacking, start=1):
            with self._services.reading() as unit:
                encodings = face_encodings(self._services, unit, template, {model})
            if encodings is not None and model in encodings:
                with self._services.writing() as unit:
                    # Erased in the meantime, it stays erased.
                    if unit.register.lacks_encoding(template.id, model):
                        unit.register.add_encodings(template.id, {model: encodings[model]})
                        self.report.templates += 1
                    unit.commit()
            self._progress(self._done + count, self._done + len(lacking))

    def finish(self, *, even_so: bool) -> None:
        """Put the encoder in use if nothing is left, or all the same; in one transaction."""
        services, report, model = self._services, self.report, self._custom.model_id
        with services.writing() as unit:
            labels = {case.id: case.label for case in unit.register.revocations()}
            lost = {
                labels[template.revocation_id]
                for template in unit.register.templates()
                if model not in template.encodings
            }
            report.left, report.lost = len(unit.photos.photos_lacking(model)), sorted(lost)
            report.in_use = is_in_use(services, self._custom)
            # Fitted anew to the library's own photos, a calibration keeps the name it began with.
            fitted_to = services.calibration.id.partition("+")[0]
            if report.in_use and fitted_to == self._custom.calibration.id:
                if report.faces or report.templates:
                    details = {"photos": 0, "faces": report.faces, "templates": report.templates}
                    now = services.now()
                    unit.audit.append(Action.INDEX_RENEWED, "index", self._actor, now, details)
            elif even_so or not (report.left or report.lost):
                reason = f"Encoded by {model}"
                if report.left or report.lost:
                    people = counted(len(lost), "person", "people")
                    reason += f", without {counted(report.left, 'photo')} and {people}"
                use_calibration(services, unit, self._custom.calibration, reason, self._actor)
                report.in_use = True
            unit.commit()
