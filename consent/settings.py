"""One Settings, read from the environment with the prefix LIKENESS_."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def without_password(url: str) -> str:
    """Return a database's address as people may see it."""
    shown = re.sub(r"://([^:/@]*):.*@", r"://\1:***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", shown)


class Settings(BaseSettings):
    """Where things lie and how much is accepted.

    Attributes:
        home: data home: database, weights, evidence, thumbnails, uploads.
        database_url: of a PostgreSQL database that several computers share; empty for SQLite in
            the data home.
        policy: the policy file.
        texts: the words of the receipt and of the blank form.
        samples: the sample photos.
        time_zone: IANA name; the library's own calendar, and for cameras without an offset.
        jobs: worker processes for indexing; 0 for one per processor.
        encoder: file of an ONNX model of aligned faces that encodes every face too, beside the
            shipped ones; empty for none.
        encoder_calibration: the calibration by which it is used once every face is encoded.
        max_image_bytes: larger files are refused.
        max_image_pixels: photos of more pixels are refused.
    """

    model_config = SettingsConfigDict(env_prefix="LIKENESS_", extra="forbid", frozen=True)

    home: Path = ROOT / "data" / "live"
    database_url: str = ""
    policy: Path = ROOT / "data" / "policy.toml"
    texts: Path = ROOT / "data" / "texts" / "receipt.toml"
    samples: Path = ROOT / "data" / "samples"
    time_zone: str = "America/New_York"
    jobs: int = Field(default=0, ge=0, le=256)
    encoder: Path | None = None
    encoder_calibration: Path | None = None
    max_image_bytes: int = Field(default=200 * 1024 * 1024, gt=0)
    max_image_pixels: int = Field(default=200_000_000, gt=0)

    @field_validator("encoder", "encoder_calibration", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.home / "weights"

    @property
    def thumbnails(self) -> Path:
        """Folder of the thumbnails."""
        return self.home / "thumbnails"

    @property
    def vault(self) -> Path:
        """Folder of evidence and face crops."""
        return self.home / "vault"

    @property
    def vectors(self) -> Path:
        """Folder of the encodings laid out to be searched; made from the database when needed."""
        return self.home / "vectors"

    @property
    def uploads(self) -> Path:
        """Folder of photos dropped on a page."""
        return self.home / "uploads"

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'likeness.db'}"

    @property
    def shown_url(self) -> str:
        """The database's address without its password, for people."""
        return without_password(self.url)

    @property
    def workers(self) -> int:
        """How many processes to use."""
        return self.jobs or os.cpu_count() or 1
