"""A custom encoder, put in use from a page: what is indexed is encoded by a process of its own."""

from __future__ import annotations

from typing import Any

from consent.domain.actors import Actor
from consent.domain.errors import ConflictError
from consent.domain.jobs import Job, JobKind
from consent.domain.roles import Duty, for_roles
from consent.indexing.custom_encoder import custom_encoder
from consent.indexing.reencode import adopt_custom_encoder
from consent.jobs.runner import Progress, asked_by, carry_out, find_job, load_job, start_job
from consent.services import Services

ENCODING = JobKind.ENCODING
# There is one at a time, and whoever opens the page sees it.
_ID = "encoding"
_DIED = "It stopped before it was done. The work so far is kept: start it again to continue."


@for_roles(Duty.CHANGE_ENCODER)
def start_encoding(services: Services, actor: Actor, *, even_so: bool = False) -> None:
    """Start to encode what the custom encoder has not encoded yet; then it is put in use.

    With `even_so` it is put in use although some faces cannot be encoded.

    Raises:
        RefusedError: the role does not allow it.
        SetupError: there is no custom encoder, or no calibration for it.
        EncoderFileError: its file cannot be used.
        ConflictError: it is under way already.
    """
    custom_encoder(services)
    before = read_encoding(services, actor)
    if before is not None and not before.state.ended:
        raise ConflictError("The index is being encoded already: wait until that is done.")
    start_job(services, _ID, ENCODING, {"even_so": even_so}, actor)


@for_roles(Duty.READ_STATUS)
def read_encoding(services: Services, actor: Actor) -> Job | None:
    """Return where the last one stands; None if there was none."""
    return find_job(services, _ID, ENCODING, _DIED)


def run_encoding(services: Services, job_id: str) -> None:
    """Encode; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        even_so = bool(job.request["even_so"])
        tell = Progress(services, job)
        report = adopt_custom_encoder(services, asked_by(job), tell, even_so=even_so)
        return {"photos": [], "said": report.sentence(), **report.to_dict()}

    carry_out(services, load_job(services, job_id, ENCODING), work)
