"""Advice on real reference photos."""

from __future__ import annotations

from consent.cases.photo_advice import Flaw, enrolment_of
from consent.cases.references import find_faces
from consent.domain.intake import Reference


def test_another_persons_picture_among_the_references_is_said(open_services, home, samples):
    services = open_services(home=home)
    names = ["obama.jpg", "obama2.jpg", "biden.jpg"]
    references = [Reference((samples / "originals" / name).read_bytes(), name) for name in names]

    found = enrolment_of(services, find_faces(services, references), names)

    assert {one.name for one in found.poor if Flaw.ANOTHER in one.flaws} == {"biden.jpg"}


def test_a_single_picture_is_not_called_another_persons(open_services, home, samples):
    services = open_services(home=home)
    reference = Reference((samples / "originals" / "biden.jpg").read_bytes(), "biden.jpg")

    found = enrolment_of(services, find_faces(services, [reference]), ["biden.jpg"])

    assert not any(Flaw.ANOTHER in one.flaws for one in found.poor)
    assert not found.complete
