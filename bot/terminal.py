"""What the command line prints: results for people on standard output, notices and progress on standard error."""

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from bot.answer import SENTENCES, unescaped
from bot.matrix import NOTHING_FOUND, uncovered_sentence
from bot.schema import Answer, AnswerSentence, Citation, Comparison
from corpus.case import Case
from corpus.coverage_report import CoverageReport
from index.case_index import Hit
from index.synchronising import SyncReport

_WIDTH = 100


def say(text: str) -> None:
    """A notice on standard error."""
    print(text, file=sys.stderr, flush=True)


class Bar:
    """A progress bar on standard error that appears only when there is progress to show."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, done: int, of: int) -> None:
        """Move the bar to ``done`` of ``of``."""
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=of, desc=self._title, unit=" passages", file=sys.stderr)
        self._bar.update(done - self._bar.n)


def answer(given: Answer) -> str:
    """An Answer for reading: its sentences with their numbers, other accounts of disputed facts, and the sources behind each number."""
    if not given.sentences:
        return "\n".join([_wrapped(unescaped(given.text)), *_suggested(given)])
    told = _comparison(given, given.comparison) if given.comparison else [_wrapped(_sentences(given.sentences))]
    disputes = [
        _wrapped("Disputed: " + " ".join(f"{account.text} [{account.citation}]" for account in dispute.accounts))
        for dispute in given.disputes
    ]
    notice = ["", _wrapped(given.notice)] if given.notice else []
    rests_on = [_wrapped(f"“{quotation.text}”", "    ") for s in given.sentences if s.support == "checked" for quotation in s.quotations]
    borne = ["", "What the sentences rest on, in their order:", *rests_on] if rests_on else []
    return "\n".join([*told, *disputes, *notice, *borne, "", *(_citation(citation) for citation in given.citations)])


def _comparison(given: Answer, compared: Comparison) -> list[str]:
    """Each issue with a paragraph for each side, what is not covered first and what limits the comparison last; it reads well aloud."""
    lines = [_wrapped(f"{SENTENCES['partly_answered']} {uncovered_sentence(compared)}"), ""] if compared.uncovered else []
    for row in compared.rows:
        lines.append(_wrapped(row.issue))
        for cell in row.cells:
            sentences = _sentences([given.sentences[position] for position in cell.sentences])
            lines.append(_wrapped(f"{cell.side}: {sentences or NOTHING_FOUND}", "  "))
        lines.append("")
    return [*lines, _wrapped(compared.limits)]


def _sentences(sentences: Sequence[AnswerSentence]) -> str:
    return " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}{' (disputed)' * bool(s.disputes)}" for s in sentences)


def _citation(citation: Citation) -> str:
    head = f"[{citation.number}] {citation.case.title}: {citation.section} (as of {citation.case.as_of})"
    lines = [f"    {', '.join(part for part in (_titled(s.title, s.year), s.locator, s.url) if part)}" for s in citation.sources]
    return "\n".join([head, f"    {citation.url}", *lines])


def _titled(title: str, year: int | None) -> str:
    return f"{title} ({year})" if year else title


def _suggested(given: Answer) -> list[str]:
    return ["", "You could ask:", *(f"  {question}" for question in given.suggestions)] if given.suggestions else []


def hits(found: Sequence[Hit]) -> str:
    """Hits for reading, best first."""
    if not found:
        return "Nothing found."
    return "\n\n".join(
        f"{hit.score:.2f}  {hit.passage.id}\n" + _wrapped(f"{hit.passage.heading_trail} {hit.passage.text}", "      ") for hit in found
    )


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """A hit as JSON-ready data; the same from the command line and from HTTP."""
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "case": {
            "id": passage.case_id,
            "title": passage.case_title,
            "kind": passage.case_kind,
            "areas": list(passage.areas),
            "as_of": passage.as_of,
        },
        "section": passage.section,
        "text": passage.text,
        "score": round(hit.score, 4),
    }


def cases(published: Sequence[Case]) -> str:
    """One line for each case."""
    width = max(len(case.id) for case in published)
    return "\n".join(f"{case.id:<{width}}  {case.kind:<7}  as of {case.as_of:<10}  {case.title}" for case in published)


def coverage(report: CoverageReport) -> str:
    """Cases by theme and area, and what stands behind each area, as tables of at most 100 columns."""
    by_theme = _table(("Theme", *report.areas), [(name, *(str(n) if n else "-" for n in counts)) for name, counts in report.themes])
    behind = [
        (
            held.name,
            f"{held.cases}",
            f"{held.words:,}",
            f"{held.sources:,}",
            f"{held.primary_share:.0%}" if held.sources else "-",
            held.oldest or "-",
        )
        for held in report.holdings
    ]
    return f"{by_theme}\n\n{_table(('Area', 'Cases', 'Words', 'Sources', 'Primary', 'Oldest as_of'), behind)}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under heads that break at blanks; columns that find no room beside the first go on in a table below."""
    first, *others = range(len(heads))
    widths = [max(len(cell) for cell in (*heads[n].split(), *(row[n] for row in rows))) for n in range(len(heads))]
    parts: list[list[int]] = [[]]
    for n in others:
        if parts[-1] and sum(widths[m] + 2 for m in (*parts[-1], n)) + widths[first] > _WIDTH:
            parts.append([])
        parts[-1].append(n)
    return "\n\n".join(_lines([first, *part], widths, heads, rows) for part in parts)


def _lines(columns: Sequence[int], widths: Sequence[int], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    height = max(len(heads[n].split()) for n in columns)
    stacked = [[""] * (height - len(heads[n].split())) + heads[n].split() for n in columns]
    cells = [*zip(*stacked, strict=True), ["-" * widths[n] for n in columns], *([row[n] for n in columns] for row in rows)]
    return "\n".join(
        "  ".join(f"{cell:<{widths[n]}}" if n == 0 else f"{cell:>{widths[n]}}" for n, cell in zip(columns, line, strict=True)).rstrip()
        for line in cells
    )


def sync_report(report: SyncReport) -> str:
    """What a synchronisation did, in a sentence."""
    if not report.switched:
        return f"The index {report.version} is up to date: {counted(report.unchanged, 'passage')}."
    return (
        f"The index {report.version} now answers. Passages: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.gone} gone; {report.embedded} embedded."
    )


def index_state(state: Mapping[str, Any]) -> str:
    """The state of the index, a line for each property."""
    return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in state.items())


def counted(number: int, what: str) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _wrapped(text: str, indent: str = "") -> str:
    width = max(40, min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns))
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
