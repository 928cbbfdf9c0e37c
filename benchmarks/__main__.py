"""`make bench`: measure speed and memory of peacebot beside those of a plain LangChain starter, in one run."""

import argparse
import sys
from pathlib import Path

from benchmarks import measures, report
from benchmarks.measures import Amount
from benchmarks.other_work import MOST, OtherWork
from benchmarks.place import Place, settings, temporary_place
from benchmarks.readers import readers_at_once
from bot.opening import index_state

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
FULL = Amount(questions=120, rounds=3, asks=5, builds=3, changes=3, readers=32, each=20)
QUICK = Amount(questions=20, rounds=1, asks=1, builds=1, changes=1, readers=8, each=3)


def main() -> int:
    """Measure, print and, if asked, write; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="also write docs/performance.md")
    how.add_argument("--quick", action="store_true", help="measure as little as shows that everything works")
    given = parser.parse_args()
    others = OtherWork()
    with temporary_place() as place:
        measured = measure(place, QUICK if given.quick else FULL)
    share = others.share()
    lines = report.rows(measured)
    print(report.table(lines))
    print(f"\nOther work took {share:.0%} of the machine's processor time; above {MOST:.0%} these figures mean little.")
    if given.write and share > MOST:
        print("docs/performance.md is left as it was: run this again when the machine does nothing else.", file=sys.stderr)
        return 1
    if given.write:
        PAGE.write_text(report.page(measured, lines, share), encoding="utf-8")
    return 1 if any(line.met is False for line in lines) else 0


def measure(place: Place, amount: Amount) -> report.Measured:
    """Everything, cold processes first."""
    questions = measures.golden_questions(amount.questions)
    _say("Preparing: exporting the model, building both stores, compiling bytecode")
    measures.prepare(place)
    _say("Asking one question, whole processes")
    asks = measures.cold_asks(place, questions, amount.asks)
    loaded = measures.loaded_by_asking(place, questions[0])
    _say("Building, whole processes")
    cold_builds = measures.cold_builds(place, amount.builds)
    _say("Searching and answering, everything open")
    warm = measures.warm_searches(place, questions, amount.rounds)
    _say("Comparing three sides")
    compared = measures.comparisons(place, questions, amount.rounds)
    _say("Many readers at once")
    crowd = readers_at_once(place, questions, amount.readers, amount.each)
    _say("Building, without imports")
    inner_builds = measures.inner_builds(place, amount.builds)
    _say("Following one changed figure")
    changes = measures.one_changed_figure(place, amount.changes)
    state = index_state(settings(place.home))
    return report.Measured(
        amount=amount,
        warm=warm,
        cold_builds=cold_builds,
        inner_builds=inner_builds,
        asks=asks,
        changes=changes,
        compared=compared,
        crowd=crowd,
        loaded=loaded,
        corpus_version=state["version"],
        passages=state["passages"],
        chunks=measures.chunks(place),
    )


def _say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
