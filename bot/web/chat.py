"""The Gradio door: the chat with its sources panel. Nothing else in the program imports gradio, and this module only late."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Match, Mount
from starlette.types import Scope as RequestScope

from bot.web.conversation import Conversation, Exchange, answer_html, question_html, sources_html
from bot.web.desk import Desk, or_problem
from bot.web.pages import block
from bot.web.problems import Problem
from bot.web.reader import KIND_NAME
from bot.web.security import InlineScriptHashes
from corpus.case import KINDS, Term
from corpus.errors import PeacebotError
from corpus.problems import in_words
from index.case_index import CaseIndex

CONCURRENT_ANSWERS = 4
WAITING_QUESTIONS = 64
STATE_SECONDS = 6 * 3600
EXAMPLES_AN_AREA = 2
EXAMPLES = 6

_HEAD = '<link rel="stylesheet" href="/web/peacebot.css"><script src="/web/chat.js" defer></script>'
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")
_CHAT_PATHS = (
    "/config",
    "/theme.css",
    "/gradio_api/app_id",
    "/gradio_api/cancel",
    "/gradio_api/info",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/startup-events",
)
_CHAT_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")

Filters = tuple[Sequence[str], Sequence[str], Sequence[str]]
Shown = tuple[list[dict[str, Any]], str, str, Conversation]


class ChatMount(Mount):
    """Gradio at the root, but only the paths that the chat needs.

    Uploads, files, proxies and everything else that Gradio would serve do not exist here, and a path that is not the chat's is
    left to the application, which answers with its own errors.
    """

    def matches(self, scope: RequestScope) -> tuple[Match, RequestScope]:
        """Whether a request is the chat's."""
        path = scope.get("path", "")
        if path == "/" or path in _CHAT_PATHS or path.startswith(_CHAT_FOLDERS):
            return super().matches(scope)
        return Match.NONE, {}


def mount(app: FastAPI, desk: Desk) -> None:
    """Put the chat at the root of the application."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    gr.mount_gradio_app(
        app,
        _page(ChatDesk(desk)),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=0,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        pwa=False,
        app_kwargs={"middleware": [Middleware(InlineScriptHashes)], "docs_url": None, "redoc_url": None},
        theme=_theme(),
        head=_HEAD,
    )
    gradio_mount = app.router.routes.pop()
    assert isinstance(gradio_mount, Mount)
    app.router.routes.append(ChatMount("/", app=gradio_mount.app))


class ChatDesk:
    """What the chat page does with a visitor's questions. It holds nothing of a visitor: that is in the page's state."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def opening(self) -> "Opening":
        """What the page says and offers when a visitor comes."""
        try:
            return Opening.of(self._desk.index())
        except PeacebotError as error:
            return Opening(str(error))

    def reply(
        self, question: str, areas: Sequence[str], kinds: Sequence[str], themes: Sequence[str], talk: Conversation
    ) -> Iterator[Shown]:
        """Answer a question: the messages, the sources panel, the emptied question box and the conversation, step by step."""
        exchange = talk.asked(question)
        yield _shown(talk, exchange)
        for step in or_problem(self._answering(exchange, question, (areas, kinds, themes), talk)):
            exchange = replace(exchange, apology=step.detail) if isinstance(step, Problem) else step
            yield _shown(talk, exchange)

    def _answering(self, exchange: Exchange, question: str, filters: Filters, talk: Conversation) -> Iterator[Exchange]:
        index, scope = self._desk.index(), self._desk.scope(*filters)
        for event in self._desk.events(question, scope, talk.history):
            exchange = exchange.after(event, index)
            yield exchange


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page says and offers when a visitor comes: what the corpus covers, questions to begin with, filters."""

    coverage: str
    examples: tuple[str, ...] = ()
    areas: tuple[Term, ...] = ()
    themes: tuple[Term, ...] = ()

    @classmethod
    def of(cls, index: CaseIndex) -> "Opening":
        """The opening that fits an index: only areas and themes that its cases have."""
        areas = {area for case in index.cases.values() for area in case.areas}
        themes = {theme for case in index.cases.values() for theme in case.themes}
        return cls(
            coverage_line(index),
            example_questions(index),
            tuple(term for term in index.vocabulary.areas.values() if term.id in areas),
            tuple(sorted((term for term in index.vocabulary.themes.values() if term.id in themes), key=lambda term: term.name)),
        )


def coverage_line(index: CaseIndex) -> str:
    """One line on what the corpus covers and how far its facts reach."""
    cases = list(index.cases.values())
    if not cases:
        return "The corpus holds no cases yet."
    named = [term.name for term in index.vocabulary.areas.values() if any(term.id in case.areas for case in cases)]
    places = in_words([*named, "everyday peacebuilding"], "and")
    oldest, newest = min(case.as_of for case in cases), max(case.as_of for case in cases)
    reach = f"as of {newest}" if oldest == newest else f"as of {oldest} to {newest}, depending on the case"
    return f"Covers {places} in {len(cases)} {'case' if len(cases) == 1 else 'cases'}; facts {reach}."


def example_questions(index: CaseIndex) -> tuple[str, ...]:
    """Questions that the cases answer, from every area in turn, so that each is seen."""
    by_area: dict[str, list[str]] = {}
    for case in index.cases.values():
        for question in case.questions[:1]:
            by_area.setdefault(case.areas[0] if case.areas else "", []).append(question.text)
    in_turn = [questions[turn] for turn in range(EXAMPLES_AN_AREA) for questions in by_area.values() if turn < len(questions)]
    return tuple(dict.fromkeys(in_turn))[:EXAMPLES]


def _shown(talk: Conversation, exchange: Exchange) -> Shown:
    messages = [message for past in talk.exchanges for message in _messages(past, latest=False)]
    return [*messages, *_messages(exchange, latest=True)], sources_html(exchange), "", talk.with_exchange(exchange)


def _messages(exchange: Exchange, *, latest: bool) -> list[dict[str, Any]]:
    suggestions = exchange.answer.suggestions if exchange.answer and latest else ()
    return [
        {"role": "user", "content": question_html(exchange)},
        {
            "role": "assistant",
            "content": answer_html(exchange, latest=latest),
            "options": [{"value": suggestion} for suggestion in suggestions],
        },
    ]


def _page(chat: ChatDesk) -> Any:
    import gradio as gr

    with gr.Blocks(title="peacebot", analytics_enabled=False, fill_width=True) as page:
        talk = gr.State(Conversation(), time_to_live=STATE_SECONDS)
        headline = gr.Markdown(elem_id="headline")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=280, elem_id="talk"):
                answers = gr.Chatbot(
                    elem_id="answers",
                    label="Questions and answers",
                    show_label=False,
                    container=False,
                    height="",
                    buttons=[],
                    latex_delimiters=[],
                    allow_tags=False,
                    line_breaks=False,
                    feedback_options=None,
                    placeholder=block("chat/welcome.html"),
                )
                with gr.Row(elem_id="asking"):
                    question = gr.Textbox(
                        label="Your question",
                        placeholder="Type a question in plain words",
                        lines=1,
                        max_lines=5,
                        scale=5,
                        min_width=200,
                    )
                    ask = gr.Button("Ask", variant="primary", scale=0, min_width=88, elem_id="ask")
                with gr.Accordion("Narrow by area, kind or theme", open=False, elem_id="filters"):
                    areas = gr.CheckboxGroup(label="Areas")
                    kinds = gr.CheckboxGroup([(KIND_NAME[kind], kind) for kind in KINDS], label="Kinds of case")
                    themes = gr.CheckboxGroup(label="Themes")
                again = gr.Button("Start a new conversation", variant="secondary", size="sm", elem_id="again")
            with gr.Column(scale=2, min_width=280, elem_id="sources-column"):
                gr.Markdown("## Sources of the latest answer")
                sources = gr.Markdown(sources_html(None), elem_id="sources", latex_delimiters=[])

        def open_page() -> tuple[Any, ...]:
            opening = chat.opening()
            return (
                block("chat/headline.html", coverage=opening.coverage),
                gr.Chatbot(examples=[{"text": example} for example in opening.examples]),
                gr.CheckboxGroup(choices=[(term.name, term.id) for term in opening.areas]),
                gr.CheckboxGroup(choices=[(term.name, term.id) for term in opening.themes]),
            )

        def choose(chosen: gr.SelectData) -> str:
            value = chosen.value
            return str(value["text"] if isinstance(value, dict) else value)

        shown = [answers, sources, question, talk]
        inputs = [question, areas, kinds, themes, talk]
        page.load(open_page, None, [headline, answers, areas, themes], show_progress="hidden")
        gr.on([ask.click, question.submit], chat.reply, inputs, shown, show_progress="hidden")
        chosen = gr.on([answers.example_select, answers.option_select], choose, None, question, show_progress="hidden")
        chosen.then(chat.reply, inputs, shown, show_progress="hidden")
        gr.on([again.click, answers.clear], lambda: ([], sources_html(None), "", Conversation()), None, shown, show_progress="hidden")
        for event in page.fns.values():
            event.api_visibility = "private"
    return page.queue(default_concurrency_limit=CONCURRENT_ANSWERS, max_size=WAITING_QUESTIONS, api_open=False)


def _theme() -> Any:
    import gradio as gr

    ink = gr.themes.Color(
        "#eef5f6", "#d8e8eb", "#b3d2d8", "#86b5be", "#548f9b", "#2f717e", "#1f5a67", "#194853", "#143a43", "#102f37", "#0a1f25", name="ink"
    )
    paper = gr.themes.Color(
        "#faf9f6",
        "#f2f0ea",
        "#e3e0d7",
        "#cbc7bb",
        "#9d9a90",
        "#6f6e68",
        "#55565a",
        "#3b3f45",
        "#262b31",
        "#1a1f24",
        "#12161a",
        name="paper",
    )
    theme = gr.themes.Base(primary_hue=ink, secondary_hue=ink, neutral_hue=paper, font=_SANS, font_mono=_MONO, radius_size="sm")
    return theme.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color="*neutral_800",
        block_title_text_color_dark="*neutral_100",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_300",
        button_primary_background_fill_hover_dark="*primary_200",
        button_primary_text_color="white",
        button_primary_text_color_dark="*neutral_950",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_border_color="*neutral_400",
        button_secondary_border_color_dark="*neutral_600",
        checkbox_label_text_color="*neutral_800",
        checkbox_label_text_color_dark="*neutral_100",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_200",
    )
