"""Questions that no case answers, kept beside the corpus: what is asked elsewhere, so that it can be told from what is asked here."""

from corpus.case import NotCovered
from corpus.problems import Findings
from corpus.records import Reader, Record, parse_yaml


def read_not_covered(text: str, findings: Findings) -> NotCovered:
    """The questions of a ``not_covered.yaml``. Mistakes are noted."""
    value = parse_yaml(text, findings)
    if value is None:
        return NotCovered()
    if not isinstance(value, Record):
        findings.add(value.line, "The file is no mapping", "Write 'off-topic: [...]' and 'near-domain: [...]', each a list of questions.")
        return NotCovered()
    reader = Reader(value, findings, "list of questions")
    reader.expect((), ("off-topic", "near-domain"))
    off_topic, near_domain = (reader.texts(name) for name in ("off-topic", "near-domain"))
    seen: set[str] = set()
    for question in (*off_topic, *near_domain):
        if question.value.casefold() in seen:
            findings.add(question.line, f"The question '{question.value[:60]}' stands twice", "Keep one of the two.")
        seen.add(question.value.casefold())
    return NotCovered(tuple(question.value for question in off_topic), tuple(question.value for question in near_domain))
