"""The HTTP interface: ask, search, open answers and cases. Every error is a problem+json with a sentence."""

import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from bot.follow_up import Turn
from bot.question import MAX_QUESTION_CHARS, cleaned
from bot.schema import Answer, CitedCase, Event, Notice, Stated
from bot.web import problems
from bot.web.desk import Desk, or_problem
from bot.web.problems import Problem
from bot.web.reader import cited_sources
from corpus.case import Case, Place, ReaderQuestion, Section, TimelineEntry
from index.passages import Passage

API = "/api/v1"
EVENT_STREAM = "text/event-stream"
MAX_TURNS = 50

router = APIRouter()


def desk_of(request: Request) -> Desk:
    """The desk of the application that the request came to."""
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]
Words = Annotated[list[str], Field(max_length=100)]


class EarlierTurn(BaseModel):
    """One earlier exchange, so that a follow-up question can be understood."""

    model_config = ConfigDict(extra="forbid")
    question: str
    answer: str


class AskRequest(BaseModel):
    """A question, what was said before it, and where to look for the answer."""

    model_config = ConfigDict(extra="forbid")
    question: str
    history: Annotated[list[EarlierTurn], Field(max_length=MAX_TURNS)] = []
    areas: Words = []
    kinds: Words = []
    themes: Words = []

    @property
    def turns(self) -> list[Turn]:
        """What was said before, oldest first."""
        return [Turn(turn.question, turn.answer) for turn in self.history]


@dataclass(frozen=True, slots=True)
class PublishedAnswer(Answer):
    """An Answer as it is published: with the version of its form."""

    schema: Literal["1"] = "1"


class FoundPassage(BaseModel):
    """A passage that a search found, with its score for this query."""

    passage_id: str
    score: float
    case: CitedCase
    section: str
    text: str
    url: str


class CaseSummary(BaseModel):
    """What a case is about, how far its facts reach and where it can be read."""

    id: str
    title: str
    kind: str
    areas: tuple[str, ...]
    themes: tuple[str, ...]
    period: tuple[str, str | None]
    as_of: str
    url: str


class WholeCase(CaseSummary):
    """A case with its text and its sources, these as CSL-JSON."""

    countries: tuple[str, ...]
    places: tuple[Place, ...]
    principles: tuple[str, ...]
    questions: tuple[ReaderQuestion, ...]
    timeline: tuple[TimelineEntry, ...]
    sections: tuple[Section, ...]
    sources: list[dict[str, Any]]


_ANSWERED: dict[int | str, dict[str, Any]] = {200: {"model": PublishedAnswer, "description": "The answer"}}
_STREAMED = {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}


@router.post(
    f"{API}/ask",
    response_class=JSONResponse,
    responses={**_ANSWERED, 200: _ANSWERED[200] | _STREAMED, **problems.declared(400, 413, 422, 503)},
)
def ask(asked: AskRequest, request: Request, desk: AtDesk) -> Response:
    """Answer a question: as JSON, or as server-sent events where these are asked for."""
    scope = desk.scope(asked.areas, asked.kinds, asked.themes)
    events = desk.events(asked.question, scope, asked.turns)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return StreamingResponse(map(_server_sent, or_problem(events)), media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})
    *_, answer = events
    return JSONResponse(_published(answer))


def _server_sent(event: Event | Problem) -> str:
    return f"event: {_event_name(event)}\ndata: {json.dumps(_published(event))}\n\n"


def _event_name(event: Event | Problem) -> str:
    match event:
        case Stated():
            return "sentence"
        case Notice():
            return "notice"
        case Answer():
            return "answer"
        case Problem():
            return "error"


def _published(event: Event | Problem) -> dict[str, Any]:
    match event:
        case Answer():
            return event.as_json()
        case Problem():
            return event.model_dump(exclude_none=True)
        case _:
            return asdict(event)


@router.get(f"{API}/answers/{{answer_id}}", response_class=JSONResponse, responses=_ANSWERED | problems.declared(404, 422))
def answer(answer_id: str, desk: AtDesk) -> Response:
    """One of the last answers given, by its id."""
    found = desk.answers.find(answer_id)
    if found is None:
        raise HTTPException(404, "There is no such answer, or it is no longer kept. Please ask the question again.")
    return JSONResponse(found.as_json())


@router.get(f"{API}/search", responses=problems.declared(422, 503))
def search(
    desk: AtDesk,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUESTION_CHARS)],
    k: Annotated[int, Query(ge=1, le=50)] = 5,
    area: Annotated[Words, Query()] = [],  # noqa: B006 - FastAPI copies defaults
    theme: Annotated[Words, Query()] = [],  # noqa: B006
    kind: Annotated[Words, Query()] = [],  # noqa: B006
) -> list[FoundPassage]:
    """The passages that fit a query best, best first."""
    hits = desk.index().search(cleaned(q), desk.scope(area, kind, theme), k)
    return [_found(desk, hit.passage, hit.score) for hit in hits]


def _found(desk: Desk, passage: Passage, score: float) -> FoundPassage:
    return FoundPassage(
        passage_id=passage.id,
        score=score,
        case=CitedCase(passage.case_id, passage.case_title, passage.case_kind, passage.areas, passage.as_of),
        section=passage.section,
        text=passage.text,
        url=f"{desk.settings.public_url}/cases/{passage.id}",
    )


@router.get(f"{API}/cases", responses=problems.declared(503))
def cases(desk: AtDesk) -> list[CaseSummary]:
    """All published cases, by title."""
    return [CaseSummary(**_summary(desk, case)) for case in sorted(desk.index().cases.values(), key=lambda c: c.title)]


@router.get(f"{API}/cases/{{case_id}}", responses=problems.declared(404, 422, 503))
def case(case_id: str, desk: AtDesk) -> WholeCase:
    """A case with its text, its timeline and its sources."""
    index = desk.index()
    found = index.cases.get(case_id)
    if found is None:
        raise HTTPException(404, f"There is no case with this id. {API}/cases lists all of them.")
    return WholeCase(
        **_summary(desk, found),
        countries=found.countries,
        places=found.places,
        principles=found.principles,
        questions=found.questions,
        timeline=found.timeline,
        sections=found.sections,
        sources=[dict(index.sources[source].csl) for source in cited_sources(found)],
    )


def _summary(desk: Desk, case: Case) -> dict[str, Any]:
    shown = {name: getattr(case, name) for name in ("id", "title", "kind", "areas", "themes", "period", "as_of")}
    return shown | {"url": f"{desk.settings.public_url}/cases/{case.id}"}


@router.get(f"{API}/answer.schema.json")
def answer_schema() -> dict[str, Any]:
    """The JSON Schema of every answer."""
    schema: dict[str, Any] = json.loads((files("bot") / "answer.schema.json").read_text("utf-8"))
    return schema


@router.get("/healthz", response_class=PlainTextResponse)
def healthz() -> str:
    """Whether the process is up."""
    return "ok"


@router.get("/readyz", response_class=PlainTextResponse, responses=problems.declared(503))
def readyz(desk: AtDesk) -> str:
    """Whether an index is open, so that questions can be answered."""
    return f"ready, corpus {desk.index().version}"
