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
from bot.web.look import COLOURS, INK, MONO, PAPER, SANS
from bot.web.pages import block
from bot.web.problems import Problem
from bot.web.reader import KIND_NAME
from bot.web.security import InlineScriptHashes
from bot.web.welcome import Opening
from corpus.case import KINDS
from corpus.errors import PeacebotError

CONCURRENT_ANSWERS = 4
WAITING_QUESTIONS = 64
STATE_SECONDS = 6 * 3600

_HEAD = '<link rel="stylesheet" href="/web/peacebot.css"><script src="/web/chat.js" defer></script>'
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

    def opening(self) -> Opening:
        """What the page says and offers when a visitor comes."""
        try:
            return Opening.of(self._desk.index())
        except PeacebotError as error:
            return Opening(str(error))

    def reply(
        self, question: str, areas: Sequence[str], kinds: Sequence[str], themes: Sequence[str], talk: Conversation
    ) -> Iterator[Shown]:
        """Answer a question: the messages, the sources panel, the emptied question box and the conversation, step by step."""
        exchange = talk.asked(question, narrowed=any((areas, kinds, themes)))
        yield _shown(talk, exchange)
        for step in or_problem(self._answering(exchange, question, (areas, kinds, themes), talk)):
            exchange = replace(exchange, apology=step.detail) if isinstance(step, Problem) else step
            yield _shown(talk, exchange)

    def _answering(self, exchange: Exchange, question: str, filters: Filters, talk: Conversation) -> Iterator[Exchange]:
        index, scope = self._desk.index(), self._desk.scope(*filters)
        for event in self._desk.events(question, scope, talk.history):
            exchange = exchange.after(event, index)
            yield exchange


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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the page that a visitor's doing reads or changes; they are Gradio's components."""

    headline: Any
    answers: Any
    question: Any
    ask: Any
    areas: Any
    kinds: Any
    themes: Any
    again: Any
    sources: Any
    talk: Any


def _page(chat: ChatDesk) -> Any:
    import gradio as gr

    with gr.Blocks(title="peacebot", analytics_enabled=False, fill_width=True) as page:
        talk = gr.State(Conversation(), time_to_live=STATE_SECONDS)
        headline = gr.Markdown(elem_id="headline")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=280, elem_id="talk"):
                answers = _answers()
                question, ask = _question()
                areas, kinds, themes = _filters()
                again = gr.Button("Start a new conversation", variant="secondary", size="sm", elem_id="again")
            with gr.Column(scale=2, min_width=280, elem_id="sources-column"):
                gr.Markdown("## Sources of the latest answer")
                sources = gr.Markdown(sources_html(None), elem_id="sources", latex_delimiters=[])
        parts = _Parts(headline, answers, question, ask, areas, kinds, themes, again, sources, talk)
        page.load(lambda: _opened(chat), None, [headline, answers, areas, themes], show_progress="hidden")
        _connect(chat, parts)
        for event in page.fns.values():
            event.api_visibility = "private"
    return page.queue(default_concurrency_limit=CONCURRENT_ANSWERS, max_size=WAITING_QUESTIONS, api_open=False)


def _answers() -> Any:
    import gradio as gr

    return gr.Chatbot(
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


def _question() -> tuple[Any, Any]:
    import gradio as gr

    with gr.Row(elem_id="asking"):
        question = gr.Textbox(
            label="Your question", placeholder="Type a question in plain words", lines=1, max_lines=5, scale=5, min_width=200
        )
        return question, gr.Button("Ask", variant="primary", scale=0, min_width=88, elem_id="ask")


def _filters() -> tuple[Any, Any, Any]:
    import gradio as gr

    with gr.Accordion("Narrow by area, kind or theme", open=False, elem_id="filters"):
        areas = gr.CheckboxGroup(label="Areas")
        kinds = gr.CheckboxGroup([(KIND_NAME[kind], kind) for kind in KINDS], label="Kinds of case")
        return areas, kinds, gr.CheckboxGroup(label="Themes")


def _opened(chat: ChatDesk) -> tuple[Any, ...]:
    """What changes on the page when a visitor comes: the corpus may have grown since it was built."""
    import gradio as gr

    opening = chat.opening()
    return (
        block("chat/headline.html", coverage=opening.coverage),
        gr.Chatbot(examples=[{"text": example} for example in opening.examples]),
        gr.CheckboxGroup(choices=[(term.name, term.id) for term in opening.areas]),
        gr.CheckboxGroup(choices=[(term.name, term.id) for term in opening.themes]),
    )


def _connect(chat: ChatDesk, parts: _Parts) -> None:
    """What happens when a visitor asks, chooses a question or begins again."""
    import gradio as gr

    def choose(chosen: gr.SelectData) -> str:
        value = chosen.value
        return str(value["text"] if isinstance(value, dict) else value)

    shown = [parts.answers, parts.sources, parts.question, parts.talk]
    inputs = [parts.question, parts.areas, parts.kinds, parts.themes, parts.talk]
    gr.on([parts.ask.click, parts.question.submit], chat.reply, inputs, shown, show_progress="hidden")
    chosen = gr.on([parts.answers.example_select, parts.answers.option_select], choose, None, parts.question, show_progress="hidden")
    chosen.then(chat.reply, inputs, shown, show_progress="hidden")
    begun_again = [parts.again.click, parts.answers.clear]
    gr.on(begun_again, lambda: ([], sources_html(None), "", Conversation()), None, shown, show_progress="hidden")


def _theme() -> Any:
    import gradio as gr

    ink, paper = gr.themes.Color(**INK), gr.themes.Color(**PAPER)
    theme = gr.themes.Base(primary_hue=ink, secondary_hue=ink, neutral_hue=paper, font=SANS, font_mono=MONO, radius_size="sm")
    return theme.set(**COLOURS)
