"""What is announced after a transaction, for others to react to."""

from __future__ import annotations

from dataclasses import dataclass

from consent.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class RegisterChanged:
    """Something that is published may have to come down.

    Attributes:
        label: only this case is concerned; all are by default. With photos, what was decided on
            them about it concerns all cases of its person.
        photos: SHA-256; only their publications are concerned; all are by default.
        with_copies: so are the publications of what is a copy of one of these photos.
    """

    actor: Actor
    label: str | None = None
    photos: tuple[str, ...] | None = None
    with_copies: bool = False
