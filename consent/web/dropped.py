"""Files dropped on pages: on the disk until they are used, or their session ends.

Streamlit keeps them in memory, and reads each whole while it comes: thirty of 40 MB took 2.5 GiB.
"""

from __future__ import annotations

import errno
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from streamlit import config
from streamlit.elements.widgets import file_uploader
from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token

from media_index.files.atomic import make_private_folder, private_file

_MEBIBYTE = 1024 * 1024
_XSRF_HEADER, _XSRF_COOKIE = "x-xsrftoken", "_streamlit_xsrf"


class KeptFile:
    """A file on the disk in the place of its bytes; it goes when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        """Take over a file that is there."""
        self.path = path
        self._size = path.stat().st_size
        weakref.finalize(self, path.unlink, missing_ok=True)

    def __len__(self) -> int:
        """Bytes, as Streamlit asks for them."""
        return self._size


class FileOnDisk(UploadedFile):
    """An uploaded file that is read from the disk, by whatever reads one of Streamlit's."""

    def __init__(self, record: UploadedFileRec, file_urls: Any) -> None:  # noqa: ANN401 - of protobuf
        """Take the place of a file in memory."""
        super().__init__(record._replace(data=b""), file_urls)
        self._kept = cast("KeptFile", record.data)
        self.size = len(self._kept)
        self._opened: BufferedReader | None = None

    @property
    def _file(self) -> BufferedReader:
        if self._opened is None:
            self._opened = self._kept.path.open("rb")
            weakref.finalize(self, self._opened.close)
        return self._opened

    def read(self, size: int | None = -1, /) -> bytes:
        """Read so many bytes, or all that follow."""
        return self._file.read(-1 if size is None else size)

    read1 = read

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as of BytesIO
        """Read into a buffer."""
        return self._file.readinto(buffer)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line."""
        return self._file.readline(-1 if size is None else size)

    def readlines(self, hint: int | None = -1, /) -> list[bytes]:
        """Read all lines that follow."""
        return self._file.readlines(-1 if hint is None else hint)

    def __iter__(self) -> Iterator[bytes]:
        """Go through the lines that follow."""
        return iter(self._file)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def getvalue(self) -> bytes:
        """Return all of it, wherever it was read to."""
        return self._kept.path.read_bytes()

    def getbuffer(self) -> memoryview:
        """Return all of it; what is written there is not kept."""
        return memoryview(self.getvalue())


class DroppedFiles:
    """Takes uploads in Streamlit's place; the folder is of one run of the server."""

    def __init__(self, uploads: Path) -> None:
        """Name the folder of all uploads. What a killed server left in it goes after a day."""
        self._folder = uploads / f"dropped-{uuid4().hex}"

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the pages read files from the disk; remove all that is left in the end."""
        # The module of the uploader makes each file by this name.
        module = cast("Any", file_uploader)
        module.UploadedFile = FileOnDisk
        try:
            yield
        finally:
            module.UploadedFile = UploadedFile
            shutil.rmtree(self._folder, ignore_errors=True)

    async def put(self, request: Request, begun: str, file_id: str) -> Response:
        """Keep one file for one of Streamlit's sessions."""
        if (refused := _refused(request, begun)) is not None:
            return refused
        try:
            # What is larger than a mebibyte lies on the disk from the beginning.
            async with request.form(max_files=1, max_fields=0) as form:
                uploads = [value for value in form.values() if isinstance(value, UploadFile)]
                if len(uploads) != 1:
                    return PlainTextResponse("Send one file at a time.", 400)
                (upload,) = uploads
                kept = await to_thread.run_sync(self._keep, upload.file)
        except HTTPException as error:
            return PlainTextResponse(error.detail, error.status_code)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            return PlainTextResponse("The server's disk is full: ask your IT to make room.", 507)
        record = UploadedFileRec(
            file_id,
            upload.filename or "",
            upload.content_type or "application/octet-stream",
            cast("bytes", kept),
        )
        cast("Any", Runtime.instance().uploaded_file_mgr).add_file(begun, record)
        return Response(status_code=204)

    def _keep(self, content: BinaryIO) -> KeptFile:
        make_private_folder(self._folder)
        path = self._folder / uuid4().hex
        with private_file(path) as file:
            shutil.copyfileobj(content, file, _MEBIBYTE)
        return KeptFile(path)


def _refused(request: Request, begun: str) -> Response | None:
    """Refuse what Streamlit refuses."""
    given, cookie = request.headers.get(_XSRF_HEADER), request.cookies.get(_XSRF_COOKIE)
    if not validate_xsrf_token(given, cookie):
        return PlainTextResponse("XSRF token missing or invalid", 403)
    if not Runtime.instance().is_active_session(begun):
        return PlainTextResponse("The page is not open any more: load it again.", 400)
    most = config.get_option("server.maxUploadSize") * _MEBIBYTE
    if int(request.headers.get("content-length", "0")) > most:
        return PlainTextResponse("The file is too large.", 413)
    return None
