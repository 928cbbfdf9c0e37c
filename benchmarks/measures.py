"""What is measured, ours and theirs in turn (A B A B ...), so that what changes over the run falls on both."""

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.child import Child, run_cold
from benchmarks.place import PEACEBOT, STARTER, Place, settings
from bot.answer import answer_question
from bot.opening import build_index, open_index
from corpus.folder import case_files
from corpus.questions import read_questions, shipped_questions
from corpus.reading import shipped_corpus
from index.encoder import open_encoder

NOT_NEEDED_TO_ASK = frozenset({"gradio", "langchain", "langchain_core", "sentence_transformers", "torch", "transformers"})

THREE = 3
_PAUSE = 0.01
"""Seconds between two timed calls: the threads of onnxruntime and of torch spin for a moment after their work, on each other's cores."""
_WARM_UP = 10
_FIGURE = re.compile(r"(?<=[^\n]{60})\b[1-9]\d{0,2},\d{3}(?![\d,])(?![^\[\]\n]*\])")
"""A figure late in a line, so that the words by which other files know its sentence stay, and in no brackets: a figure that is told of a
fact must stand in the ledger."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured: the number of questions, how often each is asked, cold questions, builds, changes of a case, and readers
    at once with the questions of each."""

    questions: int
    rounds: int
    asks: int
    builds: int
    changes: int
    readers: int
    each: int


@dataclass(frozen=True, slots=True)
class Warm:
    """Seconds of each call in a process that has everything open; ``answered`` is the share of questions that got an answer."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)

    @property
    def answered(self) -> float:
        """Share of the questions that were answered."""
        return sum(status == "answered" for status in self.statuses) / len(self.statuses)


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds of complete answers to questions that compare three sides, and to single questions, in turn."""

    three_sides: list[float] = field(default_factory=list)
    single: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Builds:
    """Seconds of each build from nothing, with everything already imported."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cold:
    """Whole processes."""

    ours: list[Child] = field(default_factory=list)
    theirs: list[Child] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """Following the corpus after one figure of one case was changed: seconds, and how many passages were embedded and kept each time."""

    seconds: list[float] = field(default_factory=list)
    embedded: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


def golden_questions(number: int) -> list[str]:
    """That many golden questions, spread evenly over the whole file and so over its topics."""
    golden = [question.text for question in read_questions(shipped_questions()) if question.kind == "golden"]
    number = min(number, len(golden))
    return [golden[i * len(golden) // number] for i in range(number)]


def prepare(place: Place) -> None:
    """Export the model, and build what questions are asked of. Both programs compile their bytecode here, so that no timed run has to."""
    open_encoder(settings(place.home).encoder, place.home)
    run_cold(_our_build(place.home))
    run_cold(_their_build(place.store))


def cold_asks(place: Place, questions: Sequence[str], number: int) -> Cold:
    """One question, from starting the program to its end; the first of each is not counted."""
    cold = Cold()
    for question in [questions[i % len(questions)] for i in range(number + 1)]:
        cold.ours.append(run_cold([PEACEBOT, "ask", question, "--home", place.home]))
        cold.theirs.append(run_cold([sys.executable, STARTER, "ask", place.store, question]))
    return Cold(cold.ours[1:], cold.theirs[1:])


def cold_builds(place: Place, number: int) -> Cold:
    """The whole corpus from nothing, from starting the program to its end; the model has been exported before."""
    cold = Cold()
    for _ in range(number):
        cold.ours.append(run_cold(_our_build(place.new_home())))
        cold.theirs.append(run_cold(_their_build(place.new_store())))
    return cold


def loaded_by_asking(place: Place, question: str) -> frozenset[str]:
    """Which of the libraries that no question needs `peacebot ask` has imported when it ends."""
    tell = "import sys; from bot.__main__ import main; main(); print(*{name.split('.')[0] for name in sys.modules})"
    ran = run_cold([sys.executable, "-P", "-c", tell, "ask", question, "--home", place.home])
    return NOT_NEEDED_TO_ASK.intersection(ran.output.splitlines()[-1].split())


def warm_searches(place: Place, questions: Sequence[str], rounds: int) -> Warm:
    """Search against search, and a complete answer, question by question."""
    from benchmarks import starter

    warm = Warm()
    store = starter.open_store(place.store)
    with closing(open_index(settings(place.home), _ignore, _ignore)) as index:
        public_url = settings(place.home).public_url

        def ask(question: str) -> None:
            warm.statuses.append(answer_question(question, index=index, public_url=public_url).status)

        timed: list[tuple[list[float], Callable[[str], object]]] = [
            (warm.ours, index.search),
            (warm.theirs, lambda question: store.similarity_search(question, k=starter.NEAREST)),
            (warm.answers, ask),
        ]
        for question in questions[:_WARM_UP]:
            for _, call in timed:
                call(question)
        for question in [question for _ in range(rounds) for question in questions]:
            for seconds, call in timed:
                seconds.append(_seconds(call, question))
                time.sleep(_PAUSE)
    return warm


def comparisons(place: Place, questions: Sequence[str], rounds: int) -> Compared:
    """Golden comparisons of three sides beside golden questions, a complete answer each."""
    asked = [question.text for question in read_questions(shipped_questions()) if len(question.sides) == THREE]
    compared = Compared()
    with closing(open_index(settings(place.home), _ignore, _ignore)) as index:

        def answer(question: str) -> None:
            answer_question(question, index=index, public_url="http://127.0.0.1")

        for question in (*asked[:_WARM_UP], *questions[:_WARM_UP]):
            answer(question)
        for _ in range(rounds):
            for three, one in zip(asked, questions, strict=False):
                compared.three_sides.append(_seconds(answer, three))
                time.sleep(_PAUSE)
                compared.single.append(_seconds(answer, one))
                time.sleep(_PAUSE)
    return compared


def inner_builds(place: Place, number: int) -> Builds:
    """The whole corpus from nothing in a process that has built before; the first of each is not counted."""
    from benchmarks import starter

    builds = Builds()
    for _ in range(number + 1):
        home, store = place.new_home(), place.new_store()
        builds.ours.append(_seconds(build_index, settings(home), _ignore, _ignore))
        builds.theirs.append(_seconds(starter.build, store))
    return Builds(builds.ours[1:], builds.theirs[1:])


def one_changed_figure(place: Place, number: int) -> Changes:
    """Change one figure in one sentence of a copy of the corpus and make the index follow, several times over."""
    copy = place.folder / "corpus"
    shutil.copytree(shipped_corpus(), copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    given = settings(place.new_home(), copy)
    build_index(given, _ignore, _ignore)
    changes = Changes()
    for _ in range(number):
        _change_one_figure(case_files(copy))
        started = time.perf_counter()
        report = build_index(given, _ignore, _ignore)
        changes.seconds.append(time.perf_counter() - started)
        changes.embedded.append(report.embedded)
        changes.unchanged.append(report.unchanged)
    return changes


def chunks(place: Place) -> int:
    """How many chunks the starter's store holds."""
    from benchmarks import starter

    return len(starter.open_store(place.store).get(include=[])["ids"])


def _change_one_figure(cases: Iterable[Path]) -> None:
    for path in cases:
        opening, front_matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
        changed, count = _FIGURE.subn(lambda match: f"{int(match.group().replace(',', '')) + 1:,}", body, count=1)
        if count:
            path.write_text("---\n".join((opening, front_matter, changed)), encoding="utf-8")
            return
    raise ValueError("No case tells a figure of a thousand or more late in a line: benchmarks/measures.py has to look for another kind.")


def _our_build(home: Path) -> list[str | Path]:
    return [PEACEBOT, "index", "build", "--home", home]


def _their_build(store: Path) -> list[str | Path]:
    return [sys.executable, STARTER, "build", store]


def _seconds(call: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - started


def _ignore(*_: object) -> None:
    """Neither notices nor progress."""
