"""Citation marks as Pandoc writes them: ``@id, p. 2; @other``, in square brackets in the body and bare in a timeline."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from corpus.case import Reference, Source
from corpus.problems import Findings, did_you_mean

CASE_PREFIX = "case:"
MARK = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_ONE = re.compile(r"@((?:case:)?[A-Za-z0-9](?:[\w.:/+-]*[A-Za-z0-9])?)(?:\s*,\s*(\S.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What a citation may name: the sources and cases that exist."""

    sources: Mapping[str, Source]
    cases: Collection[str]
    findings: Findings

    def references(self, text: str, line: int, *, analysis: bool = False) -> tuple[Reference, ...]:
        """The references of a mark without its brackets; mistakes are noted at ``line``."""
        found = []
        for part in text.split(";"):
            match = _ONE.fullmatch(part.strip())
            if match is None:
                self.findings.add(
                    line,
                    f"The citation '{part.strip()}' cannot be read",
                    "Write @id, or @id, p. 2 with the place after a comma; a semicolon stands only between two citations.",
                )
                continue
            locator = " ".join(match[2].split()) if match[2] else None
            found.append(Reference(match[1], locator))
        for reference in found:
            self._check(reference.source, line, analysis)
        self._check_unseen(found, line)
        return tuple(found)

    def _check(self, source: str, line: int, analysis: bool) -> None:
        if source.startswith(CASE_PREFIX):
            self._check_case(source.removeprefix(CASE_PREFIX), line, analysis)
        else:
            check_source(source, line, self.sources, self.findings)

    def _check_case(self, case: str, line: int, analysis: bool) -> None:
        if not analysis:
            self.findings.add(
                line,
                f"The case '{case}' is cited as if it were a source",
                "Cite a source of sources.json; cases are cited inside '::: analysis' only.",
            )
        elif case not in self.cases:
            self.findings.add(line, f"No case has the id '{case}'", did_you_mean(case, self.cases, "Cite a case that exists."))

    def _check_unseen(self, references: list[Reference], line: int) -> None:
        cited = [self.sources[r.source] for r in references if r.source in self.sources]
        if cited and len(cited) == len(references) and all(is_unseen(source) for source in cited):
            self.findings.add(
                line,
                f"Nobody saw the text of '{cited[0].id}' (its note is 'unseen'), and it carries this alone",
                "Cite a second source whose text was seen, or take the claim out.",
            )


def check_source(source: str, line: int, sources: Collection[str], findings: Findings) -> None:
    """Note an id that is not among ``sources``."""
    if source not in sources:
        findings.add(
            line,
            f"sources.json has no source '{source}'",
            did_you_mean(source, sources, "Add the source to sources.json, or cite one that is there."),
        )


def is_unseen(source: Source) -> bool:
    """Whether nobody saw the source's text, so that it may support a claim but not carry it alone."""
    return str(source.csl.get("note", "")).strip().casefold() == "unseen"
