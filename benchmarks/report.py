"""What was measured as a table and as the page docs/performance.md."""

import datetime as dt
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median, quantiles
from string import Template

import psutil

from benchmarks.measures import Amount, Builds, Changes, Cold, Compared, Warm
from benchmarks.readers import Crowd

SEARCH, ANSWER_MS, BUILD, ASK_TIME, ASK_MEMORY = 0.7, 25.0, 0.8, 0.35, 0.5
"""The goals: ratios of ours to theirs, and milliseconds for an answer."""
COMPARISON, CROWD_MS = 3.0, 600.0
"""The goals: three sides as a multiple of a single question, and milliseconds (p95) that a reader among many waits."""

HEADINGS = ("What", "peacebot", "starter", "ratio", "goal", "met")
LIBRARIES = ("chromadb", "onnxruntime", "bm25s", "numpy", "langchain-core", "langchain-chroma", "langchain-huggingface")
LIBRARIES_BEHIND = ("langchain-text-splitters", "sentence-transformers", "transformers", "torch")

_PAGE = Template("""\
# Speed and memory

<!-- Written by `make bench ARGS=--write`: change the words in benchmarks/report.py. -->

Measured on $date, in one run on one machine ($machine),
beside the LangChain starter that most people would write for the same cases and the same model
([benchmarks/starter.py](../benchmarks/starter.py)). Seconds depend on the machine; the ratios, ours to the starter's, are
what to look at.

$table

"Met" stands for the goal that the project set itself; a line without a goal is told for completeness.

## How it was measured

- **Corpus.** Version $corpus_version: $passages passages in our index, $chunks chunks in the starter's store.
- **Starter.** `RecursiveCharacterTextSplitter` (1,000 characters, 200 of them shared) over the bodies of the cases, `HuggingFaceEmbeddings`
  with the packaged all-MiniLM-L6-v2, `langchain-chroma` in a folder, `similarity_search` with k = 4. It returns chunks; it neither cites
  nor refuses, and has no ranking by words or by sentences.
- **In turn.** Ours, theirs, ours, theirs, each with a pause between, so that what changes over the run falls on both. Figures
  are medians; in brackets stand the least and the most. p95 is the time that 95 of 100 calls stay within.
- **Search and answer.** $questions golden questions, spread over all topics and each asked $rounds times, in one process that has
  everything open, after a warm-up. A complete answer is `answer_question`: search, coverage, composition, citations ($answered of
  the questions were answered, the others refused).
- **Comparisons and crowds.** Golden questions that compare three sides, in turn with single ones, in one process. $readers readers ask
  over HTTP, all at the same time, $each questions each, of one `peacebot serve`; the wait includes the queue before each of them.
- **Whole processes.** From the start of the program to its end, imports included: $builds builds from nothing each, the one-off export of
  our model done before, and $asks questions each, a different one every time. Memory is the peak resident set of the process as the
  operating system counts it. One process of each kind has run before, so files and bytecode are at hand.
- **After one changed figure.** One figure in one sentence of a copy of the corpus is changed, $changes times over; then the corpus is read
  and checked, its changed passages embedded, and a complete new generation written and switched in.
- **Surroundings.** Offline, with temporary homes and stores, no settings of the user's, all libraries with their defaults.
  Other work took $other_work of the machine's processor time meanwhile; above 10% nothing is written here, because threads that wait
  for each other distort ratios too. Python $python; $libraries.

## Again

`make bench` prints the table; `make bench ARGS=--write` writes this page too; `make bench ARGS=--quick` is a short try whose figures say
little. It needs Linux or macOS and a machine that does nothing else.
""")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``met`` is None where there is no goal."""

    what: str
    ours: str
    theirs: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as texts, under HEADINGS."""
        return (self.what, self.ours, self.theirs, self.ratio, self.goal, {None: "", True: "yes", False: "no"}[self.met])


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one run measured."""

    amount: Amount
    warm: Warm
    cold_builds: Cold
    inner_builds: Builds
    asks: Cold
    changes: Changes
    compared: Compared
    crowd: Crowd
    loaded: frozenset[str]
    corpus_version: str
    passages: int
    chunks: int


def rows(measured: Measured) -> list[Row]:
    """The table, line by line."""
    warm, asks, cold = measured.warm, measured.asks, measured.cold_builds
    return [
        _compared("Search, p50", "ms", warm.ours, warm.theirs, goal=SEARCH),
        _p95("Search, p95", warm.ours, warm.theirs),
        _answer(warm),
        Row("Complete answer, p95", f"{1000 * p95(warm.answers):.1f} ms"),
        _three_sides(measured.compared),
        _crowd(measured.crowd),
        _compared("Index build, whole process", "s", [c.seconds for c in cold.ours], [c.seconds for c in cold.theirs], goal=BUILD),
        _compared("Index build, without imports", "s", measured.inner_builds.ours, measured.inner_builds.theirs),
        _compared("Index build, peak memory", "MiB", [c.peak_mib for c in cold.ours], [c.peak_mib for c in cold.theirs]),
        _compared("One question, whole process", "s", [c.seconds for c in asks.ours], [c.seconds for c in asks.theirs], goal=ASK_TIME),
        _compared("One question, peak memory", "MiB", [c.peak_mib for c in asks.ours], [c.peak_mib for c in asks.theirs], goal=ASK_MEMORY),
        _embedded(measured.changes),
        Row("Index follows one changed figure", _told("s", measured.changes.seconds)),
        _loaded(measured.loaded),
    ]


def table(lines: Sequence[Row]) -> str:
    """The rows as a Markdown table whose columns are also straight on a terminal."""
    cells = [HEADINGS, *(line.cells for line in lines)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    padded = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in [padded[0], ["-" * width for width in widths], *padded[1:]])


def page(measured: Measured, lines: Sequence[Row], other_work: float) -> str:
    """docs/performance.md; ``other_work`` is the share of the machine that something else had."""
    amount = measured.amount
    return _PAGE.substitute(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        machine=machine(),
        other_work=f"{other_work:.0%}",
        table=table(lines),
        corpus_version=measured.corpus_version,
        passages=measured.passages,
        chunks=measured.chunks,
        questions=amount.questions,
        rounds=amount.rounds,
        answered=f"{measured.warm.answered:.0%}",
        builds=amount.builds,
        asks=amount.asks,
        changes=amount.changes,
        readers=amount.readers,
        each=amount.each,
        python=platform.python_version(),
        libraries=", ".join(f"{name} {version(name)}" for name in (*LIBRARIES, *LIBRARIES_BEHIND)),
    )


def machine() -> str:
    """The machine in general terms."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{psutil.cpu_count()} cores, {memory} GiB of memory, {platform.system()} on {platform.machine()}, no GPU used"


def p95(samples: Sequence[float]) -> float:
    """What 95 of 100 samples stay within."""
    return quantiles(samples, n=20, method="inclusive")[-1]


def _compared(what: str, unit: str, ours: Sequence[float], theirs: Sequence[float], goal: float | None = None) -> Row:
    ratio = median(ours) / median(theirs)
    aim = "" if goal is None else f"at most {goal:g}"
    return Row(what, _told(unit, ours), _told(unit, theirs), f"{ratio:.2f}", aim, None if goal is None else ratio <= goal)


def _p95(what: str, ours: Sequence[float], theirs: Sequence[float]) -> Row:
    mine, other = p95(ours), p95(theirs)
    return Row(what, f"{1000 * mine:.1f} ms", f"{1000 * other:.1f} ms", f"{mine / other:.2f}")


def _answer(warm: Warm) -> Row:
    p50 = 1000 * median(warm.answers)
    return Row("Complete answer, p50", f"{p50:.1f} ms", goal=f"at most {ANSWER_MS:g} ms", met=p50 <= ANSWER_MS)


def _three_sides(compared: Compared) -> Row:
    ratio = median(compared.three_sides) / median(compared.single)
    times = f"{1000 * median(compared.three_sides):.1f} ms"
    return Row("A comparison of three, p50", times, "", f"{ratio:.2f}", f"at most {COMPARISON:g} of a single question", ratio <= COMPARISON)


def _crowd(crowd: Crowd) -> Row:
    slow = 1000 * p95(crowd.seconds)
    told = f"{slow:.0f} ms, {crowd.errors} errors"
    goal = f"at most {CROWD_MS:g} ms, 0 errors"
    return Row(f"{crowd.readers} readers at once, p95", told, goal=goal, met=slow <= CROWD_MS and crowd.errors == 0)


def _embedded(changes: Changes) -> Row:
    whole = changes.embedded[0] + changes.unchanged[0]
    most = max(changes.embedded)
    return Row("Passages embedded after one changed figure", f"{most} of {whole}", goal="1", met=most == 1)


def _loaded(loaded: frozenset[str]) -> Row:
    return Row("Heavy libraries that `ask` imports", ", ".join(sorted(loaded)) or "none", goal="none", met=not loaded)


def _told(unit: str, samples: Sequence[float]) -> str:
    """The median with its unit and, but for the hundreds of milliseconds, the least and the most."""
    if unit == "ms":
        return f"{1000 * median(samples):.1f} ms"
    digits = 2 if unit == "s" else 0
    return f"{median(samples):.{digits}f} {unit} ({min(samples):.{digits}f}-{max(samples):.{digits}f})"
