"""One Settings, read from the environment with the prefix LIKENESS_."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from consent.domain.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "LIKENESS_"
# Read elsewhere than here: who acts at the command line, where the browser's tests draw, and which
# kinds of addresses are opened.
_READ_ELSEWHERE = ("STAFF", "TOKEN", "SCREENSHOTS", "SCHEMES")
_PATH = "a path; ~ is the home of this account, ~NAME that of another"
_ALLOWED = {
    "home": _PATH,
    "keys": _PATH,
    "keyring": "true to keep the master key in the keyring of this account, or false",
    "policy": _PATH,
    "texts": _PATH,
    "samples": _PATH,
    "roots": f"paths with {os.pathsep!r} between them; ~ is the home of this account",
    "encoder": _PATH,
    "encoder_calibration": _PATH,
    "time_zone": "the name of a time zone, such as America/New_York or Europe/Berlin",
    "date_order": "month-first (5/14/2026), day-first (14/5/2026) or year-first (2026-05-14 alone)",
    "jobs": "a whole number from 0 to 256, and 0 is one process per processor",
    "door": _PATH,
    "max_image_bytes": "a whole number of bytes above 0",
    "max_session_upload_bytes": "a whole number of bytes above 0",
    "max_server_upload_bytes": "a whole number of bytes above 0",
    "max_image_pixels": "a whole number of pixels above 0",
}


class DateOrder(StrEnum):
    """How dates are read that a spreadsheet has written its own way: 5/4/2026."""

    MONTH_FIRST = "month-first"
    DAY_FIRST = "day-first"
    # Neither: only 2026-05-14 is a date.
    YEAR_FIRST = "year-first"


def without_password(url: str) -> str:
    """Return a database's address as people may see it."""
    shown = re.sub(r"://([^:/@]*):.*@", r"://\1:***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", shown)


def unknown_variables(names: Iterable[str]) -> list[str]:
    """Return the variables of an environment that look like settings, and are none."""
    known = {PREFIX + name.upper() for name in (*Settings.model_fields, *_READ_ELSEWHERE)}
    return sorted(
        name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known
    )


def _config_folder() -> Path:
    """Return where this account keeps what programs are set to."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "likeness"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "likeness"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "likeness"


class Settings(BaseSettings):
    """Where things lie and how much is accepted.

    Attributes:
        home: data home: database, weights, evidence, thumbnails, uploads.
        database_url: of a PostgreSQL database that several computers share; empty for SQLite in
            the data home.
        keys: folder outside the data home, of the master key and of how far the log came.
        master_key: the master key itself, in base64, in place of the file.
        keyring: the master key is in the keyring of this account's system.
        roots: folders below which a page reads what somebody names; see `read_by_pages`.
        texts: the words of the receipt and of the blank form.
        time_zone: IANA name; the library's own calendar, and for cameras without an offset.
        date_order: of dates with slashes in lists; as Excel writes them where the library is.
        jobs: worker processes for indexing, and checks that pages do at once; 0 for one per
            processor.
        encoder: file of an ONNX model of aligned faces that encodes every face too, beside the
            shipped ones; empty for none.
        encoder_calibration: the calibration by which it is used once every face is encoded.
        door: file that says how the web app is reached and who may sign in; docs/deploy.md.
        max_session_upload_bytes: of what somebody dropped on pages and did not check yet.
        max_server_upload_bytes: the same, of all who are signed in.
    """

    # What is set to nothing is not set.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = ROOT / "data" / "live"
    database_url: str = ""
    policy: Path = ROOT / "data" / "policy.toml"
    texts: Path = ROOT / "data" / "texts" / "receipt.toml"
    samples: Path = ROOT / "data" / "samples"
    roots: Annotated[tuple[Path, ...], NoDecode] = ()
    keys: Path = Field(default_factory=_config_folder)
    master_key: SecretStr | None = None
    keyring: bool = False
    time_zone: str = "America/New_York"
    date_order: DateOrder = DateOrder.MONTH_FIRST
    jobs: int = Field(default=0, ge=0, le=256)
    encoder: Path | None = None
    encoder_calibration: Path | None = None
    door: Path | None = None
    # Uploads are held in memory until they are checked.
    max_session_upload_bytes: int = Field(default=2 * 1024**3, gt=0)
    max_server_upload_bytes: int = Field(default=6 * 1024**3, gt=0)
    max_image_bytes: int = Field(default=200 * 1024 * 1024, gt=0)
    max_image_pixels: int = Field(default=200_000_000, gt=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment alone."""
        return init_settings, env_settings

    @field_validator(
        "home", "keys", "policy", "texts", "samples", "encoder", "encoder_calibration", "door"
    )
    @classmethod
    def _of_this_account(cls, value: Path | None) -> Path | None:
        try:
            return None if value is None else value.expanduser()
        except RuntimeError as error:
            raise ValueError("there is no such account") from error

    @field_validator("roots", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(
                Path(folder).expanduser() for folder in value.split(os.pathsep) if folder.strip()
            )
        except RuntimeError as error:
            raise ValueError("there is no such account") from error

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError) as error:
            # The name of a folder of time zones, such as America, is an OSError.
            raise ValueError("there is no such time zone") from error
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _in_a_sentence(cls, values: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(values)
        except ValidationError as error:
            found = [
                (str(fault["loc"][0]), fault["input"]) for fault in error.errors() if fault["loc"]
            ]
            wrong = [(name, value) for name, value in found if name in _ALLOWED]
            if not wrong:
                raise
            said = [
                f"{PREFIX}{name.upper()} is {str(value)!r}, but must be {_ALLOWED[name]}."
                for name, value in wrong
            ]
            raise SetupError(" ".join(said)) from error

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.home / "weights"

    @property
    def sign_ins(self) -> Path:
        """Of the tokens of `likeness login`."""
        return self.keys / "sign-ins"

    @property
    def thumbnails(self) -> Path:
        """Folder of the thumbnails."""
        return self.home / "thumbnails"

    @property
    def vault(self) -> Path:
        """Folder of evidence and face crops."""
        return self.home / "vault"

    @property
    def drafts(self) -> Path:
        """Folder of forms that are not recorded yet, encrypted."""
        return self.home / "drafts"

    @property
    def vectors(self) -> Path:
        """Folder of the encodings laid out to be searched; made from the database when needed."""
        return self.home / "vectors"

    @property
    def spots(self) -> Path:
        """Folder of the photos' spots laid out to be searched; made from the database too."""
        return self.home / "spots"

    @property
    def uploads(self) -> Path:
        """Folder of photos dropped on a page."""
        return self.home / "uploads"

    @property
    def read_by_pages(self) -> tuple[Path, ...]:
        """The folders below which a page reads what somebody names."""
        # Not what was dropped on a page: that belongs to whoever dropped it.
        return self.roots or (self.samples,)

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
