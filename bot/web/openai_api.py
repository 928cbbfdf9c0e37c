"""peacebot as a model: the part of OpenAI's HTTP interface that chat programs need, answered from the same Answer as everywhere.

The last message of the user is the question, and what was said before it is the history. System messages are read by nobody: to
peacebot an instruction is text, never an order. Errors have OpenAI's form, so that its clients show their sentence.
"""

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.follow_up import Turn
from bot.web.api import EVENT_STREAM, MAX_TURNS, AtDesk
from bot.web.cited_text import Marker, Piece, pieces, title
from bot.web.desk import or_problem
from bot.web.problems import Fault, Problem, problem

PREFIX = "/v1/"
MODEL = "peacebot"
_SINCE = 1795564800
"""When the model came into being, in Unix seconds: OpenAI's form asks for it."""

_TEXT_ONLY = "peacebot reads text alone: send only parts of the type text, each with its text."
_NO_SUCH_MODEL = f"There is no such model here: name `{MODEL}`."

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])


# What is asked


class Part(BaseModel):
    """A part of a message; only parts of the type ``text`` can be read."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """A message of the conversation. Those of the user and the assistant are read, all others are not."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What else a stream tells."""

    include_usage: bool | None = None


class ResponseFormat(BaseModel):
    """The form of the answer; only ``text`` can be had."""

    type: str


class CompletionRequest(BaseModel):
    """A conversation with a question. Fields that are not named here, such as ``temperature``, are accepted and change nothing."""

    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tool_choice: str | dict[str, Any] | None = None
    response_format: ResponseFormat | None = None


# What is answered


class UrlCitation(BaseModel):
    """The passage that a marker leads to; the marker is ``content[start_index:end_index]``, counted in Unicode code points."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A marker of the text and what it cites."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer as Markdown, with its markers and the list of passages and sources."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one choice there is."""

    index: Literal[0] = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """How long question, history and answer are, in words: peacebot has no tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: Literal["peacebot"] = "peacebot"
    choices: list[Choice]
    usage: Usage
    peacebot: Annotated[dict[str, Any], Field(description="The Answer, as /api/v1/answer.schema.json describes it.")]


class Model(BaseModel):
    """A model that can be asked."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = _SINCE
    owned_by: str = MODEL


class ModelList(BaseModel):
    """All models: one."""

    object: Literal["list"] = "list"
    data: list[Model]


# What is wrong


class Wrong(BaseModel):
    """What is wrong, in a sentence; ``param`` names the field that it is about, ``code`` the kind of mistake, where it has one."""

    message: str
    type: str
    param: str | None
    code: str | None


class WrongResponse(BaseModel):
    """An error in OpenAI's form."""

    error: Wrong


class Refused(HTTPException):
    """A request that cannot be done, with the field that it is about."""

    def __init__(self, status: int, sentence: str, param: str, code: str | None = None) -> None:
        super().__init__(status, sentence)
        self.param = param
        self.code = code


def is_asked(request: Request) -> bool:
    """Whether a request is one to this interface, known path or not."""
    return request.url.path.startswith(PREFIX)


def as_response(
    found: Problem, headers: dict[str, str] | None = None, *, param: str | None = None, code: str | None = None
) -> JSONResponse:
    """A problem in OpenAI's form."""
    return JSONResponse(_wrong(found, param, code).model_dump(), found.status, headers=headers)


def unusable(faults: Sequence[Fault]) -> JSONResponse:
    """What is said to a request whose body is not as it should be: its first fault."""
    param = faults[0].where.removeprefix("body").removeprefix(".")
    named = f" at {param}" if param else ""
    return as_response(problem(400, f"The request cannot be used{named}: {faults[0].what}."), param=param or None)


async def on_refused(_: Request, error: Exception) -> Response:
    """The response to a refused request."""
    assert isinstance(error, Refused)
    return as_response(problem(error.status_code, error.detail), param=error.param, code=error.code)


def _wrong(found: Problem, param: str | None = None, code: str | None = None) -> WrongResponse:
    kind = "server_error" if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    return WrongResponse(error=Wrong(message=found.detail, type=kind, param=param, code=code))


def _declared(*statuses: str) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": WrongResponse, "description": "What is wrong, in a sentence"} for status in statuses}


# The routes


@router.get("/models")
def models() -> ModelList:
    """The one model there is."""
    return ModelList(data=[Model()])


@router.get("/models/{model_id}", responses=_declared("4XX"))
def model(model_id: str) -> Model:
    """The model of this name."""
    _refuse_another(model_id)
    return Model()


_COMPLETED: dict[int | str, dict[str, Any]] = {
    200: {"model": Completion, "description": "The answer", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}
}


@router.post("/chat/completions", response_class=JSONResponse, responses=_COMPLETED | _declared("4XX", "503"))
def complete(asked: CompletionRequest, desk: AtDesk) -> Response:
    """Answer the last message of the user: whole, or as server-sent events where ``stream`` is true."""
    _refuse_what_cannot_be_done(asked)
    talk = _talk(asked.messages)
    told = pieces(desk.events(talk.question, desk.scope(), talk.history))
    if asked.stream:
        include_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        events = _stream(told, talk, include_usage=include_usage)
        return StreamingResponse(events, media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})
    return JSONResponse(_completion(list(told), talk).model_dump())


def _refuse_another(model_id: str) -> None:
    if model_id != MODEL:
        raise Refused(404, _NO_SUCH_MODEL, "model", "model_not_found")


def _refuse_what_cannot_be_done(asked: CompletionRequest) -> None:
    _refuse_another(asked.model)
    if asked.n not in (None, 1):
        raise Refused(400, "peacebot gives one answer to a question: leave n out, or set it to 1.", "n")
    if asked.tool_choice not in (None, "auto", "none"):
        raise Refused(400, "peacebot calls no tools: leave tool_choice out, or set it to auto or none.", "tool_choice")
    if asked.response_format and asked.response_format.type != "text":
        raise Refused(
            400, "peacebot answers in text alone: leave response_format out. The field peacebot has the answer as JSON.", "response_format"
        )


# The conversation


@dataclass(frozen=True, slots=True)
class _Talk:
    """The question and the turns before it that got an answer, oldest first."""

    question: str
    history: tuple[Turn, ...]

    @property
    def words(self) -> int:
        return _words(self.question) + sum(_words(turn.question) + _words(turn.answer) for turn in self.history)


def _talk(messages: Sequence[Message]) -> _Talk:
    said = [(message.role, _text(message, place)) for place, message in enumerate(messages) if message.role in ("user", "assistant")]
    questions = [place for place, (role, _) in enumerate(said) if role == "user"]
    if not questions:
        raise Refused(400, "There is no question: send a message of the user.", "messages")
    before = said[: questions[-1]]
    turns = [Turn(asked, told) for (one, asked), (other, told) in pairwise(before) if (one, other) == ("user", "assistant")]
    return _Talk(said[questions[-1]][1], tuple(turns[-MAX_TURNS:]))


def _text(message: Message, place: int) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    texts = [part.text for part in message.content if part.type == "text" and part.text is not None]
    if len(texts) < len(message.content):
        raise Refused(400, _TEXT_ONLY, f"messages.{place}.content")
    return "\n".join(texts)


def _words(text: str) -> int:
    return len(text.split())


# The answer


def _completion(told: Sequence[Piece], talk: _Talk) -> Completion:
    content = "".join(piece.text for piece in told)
    annotations = [_annotation(marker) for piece in told for marker in piece.markers]
    answer = told[-1].answer
    assert answer is not None
    return Completion(
        id=_new_id(),
        created=int(time.time()),
        choices=[Choice(message=AnswerMessage(content=content, annotations=annotations))],
        usage=_usage(talk, _words(content)),
        peacebot=answer.as_json(),
    )


def _stream(told: Iterator[Piece], talk: _Talk, *, include_usage: bool) -> Iterator[str]:
    """The chunks of an answer as server-sent events; what goes wrong on the way ends the stream with an error in OpenAI's form."""
    head = {"id": _new_id(), "object": "chat.completion.chunk", "created": int(time.time()), "model": MODEL}
    if include_usage:
        head["usage"] = None
    yield _server_sent(head | _choice({"role": "assistant", "content": ""}))
    content, annotations = "", []
    for piece in or_problem(told):
        if isinstance(piece, Problem):
            yield _server_sent(_wrong(piece).model_dump())
            return
        content += piece.text
        annotations += [_annotation(marker).model_dump() for marker in piece.markers]
        yield _server_sent(head | _delta(piece, annotations))
    yield _server_sent(head | _choice({}, "stop"))
    if include_usage:
        yield _server_sent(head | {"choices": [], "usage": _usage(talk, _words(content)).model_dump()})
    yield "data: [DONE]\n\n"


def _delta(piece: Piece, annotations: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The text of a piece; the last one also brings all annotations and the whole Answer."""
    if piece.answer is None:
        return _choice({"content": piece.text})
    return _choice({"content": piece.text, "annotations": list(annotations)}) | {"peacebot": piece.answer.as_json()}


def _choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]}


def _annotation(marker: Marker) -> Annotation:
    cited = UrlCitation(start_index=marker.start, end_index=marker.end, title=title(marker.citation), url=marker.citation.url)
    return Annotation(url_citation=cited)


def _usage(talk: _Talk, completion: int) -> Usage:
    return Usage(prompt_tokens=talk.words, completion_tokens=completion, total_tokens=talk.words + completion)


def _server_sent(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _new_id() -> str:
    return "chatcmpl-" + secrets.token_hex(12)
