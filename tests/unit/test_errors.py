"""An error owns its sentence, and its category says how a command ends."""

import pickle
from datetime import date

import pytest

from consent.cli.failures import NOT_DONE, USAGE, exit_code_of, sentence_of
from consent.domain.errors import (
    BadInputError,
    ConsentError,
    DayToComeError,
    PhotoNotIndexedError,
    PolicyError,
    SetupError,
)
from media_index.errors import ClusterError, ImageError, MediaIndexError
from media_index.faces.weights import WeightsError
from media_index.files.urls import MissingReaderError, PlaceError
from media_index.types import ProblemCode

WITH_FACTS = [
    DayToComeError("It cannot have been received", date(2026, 5, 14)),
    PhotoNotIndexedError("ab" * 32),
    PolicyError("name a channel.", 3),
    ImageError(ProblemCode.UNREADABLE, "It breaks off."),
    PlaceError("s3://photos/1.jpg", "timed out"),
    MissingReaderError("s3://photos", "no s3fs", "install s3fs"),
]


@pytest.mark.parametrize("error", WITH_FACTS, ids=lambda error: type(error).__name__)
def test_an_error_with_facts_comes_back_from_another_process(error: Exception):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInputError("Say why."), USAGE),
        (ImageError(ProblemCode.UNREADABLE, "It breaks off."), USAGE),
        (PlaceError("s3://photos/1.jpg", "timed out"), USAGE),
        (SetupError("The data home cannot be made."), NOT_DONE),
        (WeightsError("The weights are missing."), NOT_DONE),
        (ClusterError("The scheduler cannot be reached."), NOT_DONE),
        (MissingReaderError("s3://photos", "no s3fs", "install s3fs"), NOT_DONE),
        (PermissionError(13, "Permission denied", "photos"), NOT_DONE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_command_ends_as_the_category_of_its_error_says(error: Exception, code: int):
    assert exit_code_of(error) == code
    if isinstance(error, (ConsentError, MediaIndexError)):
        assert sentence_of(error) == str(error)
