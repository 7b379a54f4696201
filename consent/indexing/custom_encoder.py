"""The custom encoder of the settings: whether it can be used, and how far it has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from consent.domain.errors import SetupError
from consent.domain.wording import counted
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import MediaIndexError
from media_index.faces.encode import DLIB, SFACE
from media_index.faces.onnx_encoder import LICENCES, model_file
from media_index.matching.calibration import Calibration, read_calibration

# Of a curve.
_FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class CustomEncoder:
    """An encoder that may take the place of those in use.

    Attributes:
        calibration: by which it is to be used, alone or with the shipped ones.
    """

    model_id: str
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class EncoderState:
    """How far the custom encoder has come.

    Attributes:
        model_id: of its model; empty where the file cannot be used.
        in_use: whether faces are compared by it.
        encoded: faces of the index that it has encoded.
        faces: that any model has encoded.
        templates: reference faces that it has encoded.
        of_templates: reference faces.
        problem: why it cannot be put in use, in a sentence; empty if nothing is in the way.
    """

    model_id: str
    in_use: bool
    encoded: int
    faces: int
    templates: int
    of_templates: int
    problem: str

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "model": self.model_id,
            "in_use": self.in_use,
            "faces_encoded": self.encoded,
            "faces": self.faces,
            "reference_faces_encoded": self.templates,
            "reference_faces": self.of_templates,
            "problem": self.problem or None,
            "licence": LICENCES,
        }

    def sentence(self) -> str:
        """Return it in words."""
        done = (
            f"{self.encoded:,} of {counted(self.faces, 'face')} and {self.templates} of "
            f"{counted(self.of_templates, 'photo of the person')} encoded"
        )
        if not self.model_id:
            return self.problem
        if self.in_use:
            return f"{self.model_id}: in use; {done}"
        return f"{self.model_id}: not in use yet; {done}. " + (
            self.problem or "likeness renew --encoder continues."
        )


def custom_encoder(services: Services) -> CustomEncoder:
    """Return the custom encoder and its calibration.

    Raises:
        SetupError: the settings name none, or its calibration is missing or of other models.
        EncoderFileError: its file cannot be used.
    """
    settings = services.settings
    if settings.encoder is None:
        raise SetupError(
            "There is no custom encoder: set LIKENESS_ENCODER to the file of an ONNX model."
        )
    model_id = model_file(settings.encoder).model_id
    if settings.encoder_calibration is None:
        raise SetupError(
            f"{model_id} has no calibration yet. Next step: run likeness bench calibration DIR "
            f"--encoder {settings.encoder} --out FILE.json, and set LIKENESS_ENCODER_CALIBRATION "
            "to that file."
        )
    calibration = _read(settings.encoder_calibration)
    models = set(calibration.scales)
    unknown = sorted(models - {DLIB, SFACE, model_id})
    if unknown or model_id not in models:
        about = (
            f"is of {unknown[0]}, which nothing here encodes by"
            if unknown
            else f"is not of {model_id}, the model of LIKENESS_ENCODER"
        )
        raise SetupError(
            f"{settings.encoder_calibration} {about}. Next step: run likeness bench calibration "
            f"DIR --encoder {settings.encoder} --out FILE.json."
        )
    return CustomEncoder(model_id, calibration)


def is_in_use(services: Services, custom: CustomEncoder) -> bool:
    """Say whether faces are compared by the models of its calibration now."""
    return set(services.calibration.scales) == set(custom.calibration.scales)


def encoder_state(services: Services, unit: UnitOfWork) -> EncoderState | None:
    """Return how far the custom encoder has come; None where the settings name none."""
    if services.settings.encoder is None:
        return None
    problem = model_id = ""
    in_use = False
    try:
        model_id = model_file(services.settings.encoder).model_id
        in_use = model_id in services.calibration.scales
        in_use = is_in_use(services, custom_encoder(services))
    except (SetupError, MediaIndexError) as error:
        problem = str(error)
    encoded, faces = unit.photos.encoded_faces(model_id)
    templates = unit.register.templates()
    return EncoderState(
        model_id,
        in_use,
        encoded,
        faces,
        sum(model_id in template.encodings for template in templates),
        len(templates),
        problem,
    )


def nothing_encodes_by(services: Services) -> tuple[str, ...]:
    """Return the models in use that nothing encodes new photos by."""
    known = {DLIB, SFACE}
    wanted = set(services.calibration.scales) - known
    if wanted and services.settings.encoder is not None:
        try:
            known.add(model_file(services.settings.encoder).model_id)
        except MediaIndexError:
            # Said by `encoder_state`.
            return tuple(sorted(wanted))
    return tuple(sorted(wanted - known))


def _read(path: Path) -> Calibration:
    setting = "set LIKENESS_ENCODER_CALIBRATION to the file that likeness bench calibration wrote."
    try:
        calibration = read_calibration(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise SetupError(
            f"The calibration {path} cannot be read ({error.strerror or error}): {setting}"
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SetupError(f"{path} is not a calibration: {setting}") from error
    rising = (np.diff(calibration.scores) > 0).all() and (
        np.diff(calibration.per_million) < 0
    ).all()
    if len(calibration.scores) < _FEWEST_POINTS or not rising or not calibration.scales:
        raise SetupError(f"{path} is not a calibration: {setting}")
    return calibration
