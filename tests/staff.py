"""Who acts in tests that are about something else."""

from __future__ import annotations

from consent.domain.actors import Actor, Role

# As in a small library, where one person does everything.
ANYBODY = Actor("t.tester", Role.COMMUNICATIONS, frozenset(Role))
