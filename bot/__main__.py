"""The command line, and the one place where settings, index and faces are built and joined."""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from bot import terminal
from bot.opening import build_index, open_index
from bot.settings import SETTINGS, Settings, read_settings
from corpus.errors import PeacebotError
from index.case_index import CaseIndex, Scope

_PATHS = (
    "files or folders to check, laid over the corpus: the folders of --corpus, or else the shipped corpus and your own; "
    "without PATH, all files of the corpus are checked"
)

Command = Callable[[argparse.Namespace, Settings], int]
Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 a known problem, 2 bad usage)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # UTF-8 wherever the output goes. A lone surrogate in a question is written as its escape, which is JSON's own.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except PeacebotError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; nothing is wrong. Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    given = parser().parse_args(arguments)
    command: Command = given.run
    named = {name: getattr(given, name, None) for name in ("home", "host", "port")}
    return command(given, read_settings(named, corpus=getattr(given, "corpus", None)))


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="peacebot", description="Cited answers about peace processes and everyday peacebuilding, from a corpus of cases."
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    everywhere = _options_everywhere()
    _add_serve(commands, everywhere)
    _add_questions(commands, everywhere, _options_of_scope())
    _add_index(commands, everywhere)
    _add_case(commands, everywhere)
    _add_examinations(commands, everywhere)
    return whole


def _options_everywhere() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--corpus",
        metavar="DIR",
        action="append",
        help="a folder to read cases from, in place of the shipped corpus and your own; may be repeated, later ones lie over earlier "
        f"ones, and nothing lies beneath [{_variable('corpus')}]",
    )
    options.add_argument("--home", metavar="DIR", help=f"{_help('home')} [{_variable('home')}]")
    return options


def _options_of_scope() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    for word, what in (
        ("area", "area (northern-ireland, colombia, philippines)"),
        ("kind", "kind of case (process, story, theme)"),
        ("theme", "theme"),
    ):
        options.add_argument(f"--{word}", metavar=word.upper(), action="append", default=[], help=f"only this {what}; may be repeated")
    return options


def _add_serve(commands: Subcommands, everywhere: argparse.ArgumentParser) -> None:
    serve = commands.add_parser("serve", parents=[everywhere], help="open the chat and the API in a web server")
    serve.add_argument("--host", help=f"{_help('host')} (default: 127.0.0.1) [{_variable('host')}]")
    serve.add_argument("--port", help=f"{_help('port')} (default: 7860) [{_variable('port')}]")
    serve.set_defaults(run=_serve)


def _add_questions(commands: Subcommands, everywhere: argparse.ArgumentParser, scope: argparse.ArgumentParser) -> None:
    ask = commands.add_parser("ask", parents=[everywhere, scope], help="answer a question")
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="the question, in plain words")
    ask.add_argument("--json", action="store_true", help="print the Answer as JSON")
    ask.add_argument(
        "--jsonl", action="store_true", help='read questions from standard input, one {"question": ...} a line, and print one Answer a line'
    )
    ask.set_defaults(run=_ask, usage_error=ask.error)
    search = commands.add_parser("search", parents=[everywhere, scope], help="list the passages that bear on a query")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=_positive, default=5, metavar="N", help="how many passages (default: 5)")
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    search.set_defaults(run=_search)


def _add_index(commands: Subcommands, everywhere: argparse.ArgumentParser) -> None:
    actions = commands.add_parser("index", help="build the index, or say how it stands").add_subparsers(required=True, metavar="ACTION")
    build = actions.add_parser("build", parents=[everywhere], help="make the index follow the corpus; only what changed is embedded")
    build.add_argument("--rebuild", action="store_true", help="embed everything anew")
    build.set_defaults(run=_index_build)
    status = actions.add_parser("status", parents=[everywhere], help="say what the index was made from and whether it is up to date")
    status.add_argument("--json", action="store_true", help="print the state as JSON")
    status.set_defaults(run=_index_status)


def _add_case(commands: Subcommands, everywhere: argparse.ArgumentParser) -> None:
    actions = commands.add_parser("case", help="check or list cases").add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", parents=[everywhere], help="report every mistake in the files of the corpus, each with its cure")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_PATHS)
    check.set_defaults(run=_case_check)
    listing = actions.add_parser("list", parents=[everywhere], help="list the published cases, or say what they cover")
    listing.add_argument(
        "--coverage", action="store_true", help="cases by theme and area, with the words, sources and dates behind each area"
    )
    listing.set_defaults(run=_case_list)


def _add_examinations(commands: Subcommands, everywhere: argparse.ArgumentParser) -> None:
    evaluate = commands.add_parser("evaluate", parents=[everywhere], help="run the golden questions and report how good the answers are")
    evaluate.add_argument("--questions", type=Path, metavar="FILE", help="a question file (default: the shipped golden questions)")
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")
    evaluate.add_argument("--compare", type=Path, metavar="FILE", help="say which answers changed since a run saved with --json > FILE")
    evaluate.set_defaults(run=_evaluate)
    doctor = commands.add_parser("doctor", parents=[everywhere], help="check that everything peacebot needs is in place")
    doctor.set_defaults(run=_doctor)


def _serve(_given: argparse.Namespace, settings: Settings) -> int:
    from bot.web.serving import serve

    serve(settings, lambda: _open(settings))
    return 0


def _ask(given: argparse.Namespace, settings: Settings) -> int:
    from bot.answer import answer_question
    from bot.asking import answer_lines
    from bot.model import configured

    if given.jsonl == (given.question is not None):
        given.usage_error("give either a QUESTION or --jsonl")
    if given.jsonl and (given.area or given.kind or given.theme):
        given.usage_error("with --jsonl, each line names its own areas, kinds and themes")
    model = configured(settings)
    with closing(_open(settings)) as index:
        if given.jsonl:
            # Bytes, not text: one line that is not UTF-8 must not end the run.
            for answered in answer_lines(sys.stdin.buffer, index, settings.public_url, model):
                print(json.dumps(answered, ensure_ascii=False), flush=True)
            return 0
        scope = _scope(given, index)
        answer = answer_question(given.question, index=index, public_url=settings.public_url, scope=scope, model=model)
    print(_as_json(answer.as_json()) if given.json else terminal.answer(answer))
    return 0


def _search(given: argparse.Namespace, settings: Settings) -> int:
    from bot.question import cleaned

    query = cleaned(given.query)
    with closing(_open(settings)) as index:
        hits = index.search(query, _scope(given, index), given.k)
    print(_as_json([terminal.hit_as_json(hit) for hit in hits]) if given.json else terminal.hits(hits))
    return 0


def _index_build(given: argparse.Namespace, settings: Settings) -> int:
    with terminal.Bar("Embedding passages") as bar:
        report = build_index(settings, terminal.say, bar.show, given.rebuild)
    print(terminal.sync_report(report))
    return 0


def _index_status(given: argparse.Namespace, settings: Settings) -> int:
    from bot.opening import index_state, require_corpus

    require_corpus(settings)
    state = index_state(settings)
    print(_as_json(state) if given.json else terminal.index_state(state))
    return 0


def _case_check(given: argparse.Namespace, settings: Settings) -> int:
    from bot.opening import require_readable
    from corpus.checking import check

    require_readable(settings)
    problems = check(given.paths or settings.corpus, below=settings.corpus)
    for problem in problems:
        print(problem)
    print(terminal.counted(len(problems), "problem"), file=sys.stderr)
    return 1 if problems else 0


def _case_list(given: argparse.Namespace, settings: Settings) -> int:
    from bot.opening import require_corpus
    from corpus.coverage_report import coverage_report
    from corpus.reading import read_corpus

    require_corpus(settings)
    corpus = read_corpus(settings.corpus)
    print(terminal.coverage(coverage_report(corpus)) if given.coverage else terminal.cases(corpus.cases))
    return 0


def _evaluate(given: argparse.Namespace, settings: Settings) -> int:
    from bot.evaluate import evaluate, saved_run
    from bot.model import configured
    from corpus.questions import read_questions, shipped_questions

    questions = read_questions(given.questions or shipped_questions())
    before = saved_run(given.compare) if given.compare else None
    with closing(_open(settings)) as index:
        report = evaluate(questions, index, given.questions is None, configured(settings))
    print(_as_json(report.as_json()) if given.json else report.text())
    if before is not None:
        print("\n".join(["", *report.changed(before)]), file=sys.stderr if given.json else sys.stdout)
    return 0


def _doctor(_given: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import examine

    findings = examine(settings)
    for finding in findings:
        print(finding)
    return 0 if all(finding.well for finding in findings) else 1


def _open(settings: Settings) -> CaseIndex:
    with terminal.Bar("Embedding passages") as bar:
        return open_index(settings, terminal.say, bar.show)


def _scope(given: argparse.Namespace, index: CaseIndex) -> Scope:
    return Scope.checked(index.vocabulary, given.area, given.theme, given.kind)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _help(name: str) -> str:
    return next(setting.help for setting in SETTINGS if setting.name == name)


def _variable(name: str) -> str:
    return next(setting.variable for setting in SETTINGS if setting.name == name)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(main())
