"""What a reader gets when something is wrong: one plain sentence, as problem+json (RFC 9457) for programs.

A known problem brings its own sentence. An unexpected one is a bug: it is logged with its traceback under a reference
number, and the reader gets an apology with that number, never the traceback.
"""

import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"

_LOGGED = "logged as"
_log = logging.getLogger(__name__)


class Fault(BaseModel):
    """One field of a request that cannot be used: where it stands and what is wrong with it."""

    where: str
    what: str


class Problem(BaseModel):
    """A problem as RFC 9457 describes it; ``reference`` is given for unexpected ones, ``faults`` for unusable requests."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    reference: str | None = None
    faults: list[Fault] = Field(default_factory=list)


def problem(status: int, detail: str, faults: Sequence[Fault] = ()) -> Problem:
    """A known problem with its sentence."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, faults=list(faults))


def apology(error: Exception) -> Problem:
    """Log a bug with its traceback and say sorry, with the reference number under which the log has it."""
    reference = f"E-{secrets.token_hex(4)}"
    _log.error("unexpected error %s", reference, exc_info=error)
    error.add_note(f"{_LOGGED} {reference}")
    detail = f"Sorry, something went wrong on our side. If you report it, please give the reference {reference}."
    return problem(500, detail).model_copy(update={"reference": reference})


def is_logged(error: BaseException) -> bool:
    """Whether an apology has been made for this error, and the log has it."""
    return any(note.startswith(_LOGGED) for note in getattr(error, "__notes__", ()))


def as_response(found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The problem as an HTTP response."""
    body = jsonable_encoder(found, exclude_none=True)
    return JSONResponse(body, found.status, headers=headers, media_type=MEDIA_TYPE)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route can answer with, as its OpenAPI description says it."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema["properties"]["faults"]["items"] = Fault.model_json_schema()
    schema.pop("$defs", None)
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses}
