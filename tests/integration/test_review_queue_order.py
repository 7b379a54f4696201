"""The review queue is read in its order, a few pairs at a time, however long it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from consent.domain.review import Origin, Pair, PairKind
from consent.review.bursts import burst_numbers
from consent.review.queue import count_to_review, review_queue
from media_index.limits import FLOODING
from media_index.types import Box
from tests.staff import ANYBODY

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
BOXES = (Box(0, 0, 40, 40), Box(50, 0, 90, 40))


def made_up(count: int) -> list[Pair]:
    chance = Random(1)
    pairs = {}
    for number in range(count):
        pair = Pair(
            PairKind.FACE,
            f"{chance.randrange(count // 3):064}",
            (chance.choice(BOXES),),
            f"R-{chance.randrange(1, 60):04}",
            "case",
            chance.random(),
            taken_at=chance.choice([None, NOON - timedelta(hours=number % 40)]),
            published_on=chance.choice([None, None, date(2026, 6, 1 + number % 9)]),
            checked_at=chance.choice([None, NOON + timedelta(minutes=number % 7)]),
            hint=chance.choice(["", "1 other photo"]),
            settled=chance.random() < 0.1,
        )
        pairs[pair.key] = pair
    return list(pairs.values())


def asked_of(pairs: list[Pair]) -> list[Pair]:
    """Work out the queue from all pairs at once."""
    waiting = [pair for pair in pairs if not pair.settled]
    asked = []
    for pair in waiting:
        of_face = [other for other in waiting if other.key[:3] == pair.key[:3]]
        likest = max(of_face, key=lambda other: (not other.hint, other.score or 0.0))
        if len(of_face) < FLOODING.people_of_one_face or pair is likest:
            asked.append(pair)
    return sorted(asked, key=lambda pair: pair.urgency)


def test_a_long_queue_is_the_same_read_bit_by_bit(services):
    review_queue(services, ANYBODY)
    pairs = made_up(600)
    scene = Pair(PairKind.SCENE, pairs[0].photo_sha256, label="R-0001", origin=Origin.CHECK)
    with services.writing() as unit:
        # Asked twice, by a check and by what is near.
        unit.review.put([*pairs, scene, replace(scene, origin=Origin.NEARBY)])
        unit.commit()
    queue = review_queue(services, ANYBODY).pairs
    expected = asked_of(pairs)

    faces = [pair for pair in queue if pair.kind is PairKind.FACE]
    assert faces == expected
    assert len(pairs) - 100 > len(expected) > 300
    assert len(queue) == count_to_review(services, ANYBODY) == len(expected) + 1
    assert len(burst_numbers(services, queue, ANYBODY)) == len(queue)

    first, last = expected[0], expected[-1]
    assert queue.find(last) == last
    settled = next(pair for pair in pairs if pair.settled)
    assert queue.find(settled) is None
    assert settled not in queue
    fewer = queue.without({first.key, last.key})
    assert list(fewer) == [pair for pair in queue if pair not in (first, last)]
    alike = [pair for pair in expected if pair.label == first.label]
    assert queue.about(first) == alike
    of_photo = [pair for pair in queue if pair.photo_sha256 == last.photo_sha256]
    assert queue.of_photos([last.photo_sha256]) == of_photo


def test_a_pair_that_went_while_the_queue_was_read_is_passed_over(services):
    review_queue(services, ANYBODY)
    pairs = asked_of(made_up(30))
    with services.writing() as unit:
        unit.review.put(pairs)
        unit.commit()
    queue = review_queue(services, ANYBODY).pairs
    with services.writing() as unit:
        unit.review.remove_all()
        unit.commit()
    assert list(queue) == []
