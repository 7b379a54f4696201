"""The encodings of all faces beside the database, laid out to be searched; never the truth itself.

The database keeps a list of tokens: every change of it that adds encodings appends one, and any
that removes or changes some leaves only a new one. A head that names a token of the list therefore
holds a beginning of what the database holds, with all of it as it is today; what came since is
read and kept as one more file. A head of any other token, or damaged, is of no use: all is made
anew. What a search finds here is read from the database before anything is said of it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import numpy as np

from media_index.files.atomic import remove_drafts
from media_index.files.seal import Seal
from media_index.matching.search import TemplateMatrix
from media_index.vectors.kept import SealedDocument
from media_index.vectors.segment import (
    DamagedVectorsError,
    EncodedFaces,
    Segment,
    VectorBlock,
    write_segment,
)

_HEAD, _FINDINGS = "head.json", "findings.json"
_FORMAT = 4
# A reader may still need the files of a head that was just replaced.
_KEPT_SECONDS = 600


class FaceSource(Protocol):
    """The database, as far as it is needed here."""

    def tokens(self, named: str) -> tuple[str, bool]:
        """Return the newest token, empty if there is none, and whether one is in the list."""
        ...

    def encodings_after(self, models: Sequence[str], after: int) -> Iterator[EncodedFaces]:
        """Yield the faces with encodings by all models and a higher id, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """What lies in the folder: the files, oldest faces first, made at a token of the database.

    Attributes:
        unsound: faces that were left out, for what is encoded of them is damaged.
    """

    token: str
    models: tuple[str, ...]
    segments: tuple[Segment, ...] = ()
    unsound: int = 0

    @property
    def last(self) -> int:
        """Return the highest id of a face in the files."""
        return self.segments[-1].last if self.segments else 0


class VectorFolder:
    """The files of one data home. It keeps nothing in memory."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        """Name the folder, which is made when it is needed, and what its head is encrypted by."""
        self._folder = folder
        # It holds the keys of the files.
        self._head_file = SealedDocument(folder / _HEAD, seal)
        # What was found in them, as far as it need not be found again.
        self.findings = SealedDocument(folder / _FINDINGS, seal)

    def possible(self, source: FaceSource, templates: TemplateMatrix, after: int = 0) -> list[int]:
        """Return the ids above `after` of the faces that may reach a bar: all that do, few others.

        The source is the database, in one transaction.
        """
        models = tuple(templates.calibration.scales)
        for anew in (False, True):
            try:
                head = self._brought_up(source, models, anew=anew)
                found = search(self.blocks(head, after), templates)
                return [face for face in found if face > after]
            except DamagedVectorsError:
                # All of it is made anew; where that is no better, the disk is of no use.
                continue
            except OSError:
                break
        # The disk is full, read-only or broken: the database is slower, and says the same.
        return list(search(_plain(source.encodings_after(models, after)), templates))

    def unsound(self, source: FaceSource) -> int:
        """Return how many faces were left out at the last search: their encodings are damaged.

        What was removed or changed since is not known: 0 then, until the next search.
        """
        head = self.head()
        return head.unsound if head is not None and source.tokens(head.token)[1] else 0

    def forget(self) -> None:
        """Remove all files: what was erased from the database must not stay beside it.

        Raises:
            OSError: the disk refuses.
        """
        self._head_file.forget()
        self.findings.forget()
        for path in self._folder.glob("*.vectors"):
            path.unlink(missing_ok=True)

    def _brought_up(self, source: FaceSource, models: tuple[str, ...], *, anew: bool) -> Head:
        """Return a head that holds all of the database, made so where it does not."""
        head = None if anew else self.head()
        newest, known = source.tokens("" if head is None else head.token)
        if head is None or head.models != models or not known:
            head = Head(newest, models)
        elif head.token == newest:
            return head
        return self.extend(head, source.encodings_after(models, head.last), newest)

    def extend(self, head: Head, blocks: Iterable[EncodedFaces], token: str) -> Head:
        """Add later faces, in the order of their ids, to the files, and say so in the head.

        Raises:
            OSError: the disk refuses.
            DamagedVectorsError: a file that was to be merged is not what was written.
        """
        kept = list(head.segments)
        unsound = head.unsound

        def counting() -> Iterator[EncodedFaces]:
            nonlocal unsound
            for block in blocks:
                unsound += block.unsound
                if len(block.ids):
                    yield block

        added = write_segment(self._folder / _new_name(), counting())
        # Like doubling an array: few files, and each face is written again a few times at most.
        while added is not None and kept and kept[-1].rows <= 2 * added.rows:
            merged = Head(token, head.models, (kept.pop(), added))
            added = write_segment(self._folder / _new_name(), self.blocks(merged))
        segments = (*kept, added) if added is not None else tuple(kept)
        new = replace(head, token=token, segments=segments, unsound=unsound)
        self._write_head(new)
        self._tidy(new)
        return new

    def blocks(self, head: Head, after: int = 0) -> Iterator[VectorBlock]:
        """Read the files of a head in which there are faces with a higher id.

        Raises:
            DamagedVectorsError: one is not there, or not what was written.
        """
        for segment in head.segments:
            if segment.last > after:
                yield from segment.blocks(self._folder, head.models)

    def head(self) -> Head | None:
        """Return what lies in the folder; None if nothing, or nothing that can be used."""
        document = self._head_file.read()
        if document is None:
            return None
        if document.pop("format") != _FORMAT:
            return None
        segments = [
            Segment(**file | {"dimensions": tuple(file["dimensions"])})
            for file in document["segments"]
        ]
        models = tuple(document["models"])
        return Head(document["token"], models, tuple(segments), document["unsound"])

    def _write_head(self, head: Head) -> None:
        self._head_file.write({"format": _FORMAT, **asdict(head)})

    def _tidy(self, head: Head) -> None:
        """Remove files that no head names any more."""
        named = {segment.name for segment in head.segments}
        long_ago = time.time() - _KEPT_SECONDS
        remove_drafts(self._folder)
        for path in self._folder.glob("*.vectors"):
            with contextlib.suppress(OSError):
                if path.name not in named and path.stat().st_mtime < long_ago:
                    path.unlink()


def search(blocks: Iterable[VectorBlock], templates: TemplateMatrix) -> Iterator[int]:
    """Yield the ids of the faces that may reach a bar."""
    for block in blocks:
        terms = templates.calibration.quality.of(block.quality[:, 0], block.quality[:, 1])
        rows, _ = templates.possible(block.vectors, terms, block.squares)
        yield from block.ids[np.unique(rows)].tolist()


def _plain(blocks: Iterable[EncodedFaces]) -> Iterator[VectorBlock]:
    for block in blocks:
        if not len(block.ids):
            continue
        squares = {model: np.einsum("nd,nd->n", of, of) for model, of in block.vectors.items()}
        yield VectorBlock(block.ids, block.quality, block.vectors, squares)


def _new_name() -> str:
    return f"{uuid4().hex}.vectors"
