"""The names that a sentence tells and its quotation does not: places, bodies and people, and the groups that take each other's place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from bot.wording import Word, all_terms

_SHORTEST_KIN = 4
_COUNTRY = "ia"
"""An ending that makes another name: Niger and Nigeria."""
_JOINTS = ("of", "the", "and", "for", "de", "on", "to")
_TITLES = frozenset(
    "mr mrs ms dr sir lord lady president general secretary minister prime judge archbishop bishop father professor".split()
)
_SAID_OTHERWISE = """
british britain uk london westminster; irish ireland dublin; english england; scottish scotland; spanish spain madrid; french france;
norwegian norway; swedish sweden; finnish finland finn; danish denmark; dutch netherlands; swiss switzerland; turkish turkey; greek greece;
filipino philippines philippine manila; american america us united washington; un united; stormont northern
"""
"""A people or a government by another name: its country's, or its capital's."""
_RIVALS = """
loyalist / republican / unionist / nationalist
guerrilla rebel insurgent / paramilitary paramilitaries / soldier army military troops marines / police policemen
protestant / catholic / muslim / christian / hindu / jewish / orthodox
israeli / palestinian
hutu / tutsi
peasant farmer / indigenous native / journalist / trader merchant / teacher / student
women woman girl / men man boy
"""
"""Groups that are told apart, a line for each set: what one of them did is no fact of another."""

_ALIKE = [all_terms(line.split()) for line in _SAID_OTHERWISE.split(";")]
_SETS = [[all_terms(group.split()) for group in line.split("/")] for line in _RIVALS.strip().splitlines()]


def names_not_in(told: Sequence[Word], held: Sequence[Word], openings: bool = False) -> tuple[str, ...]:
    """The names of ``told``, and the groups put in place of one that ``held`` has, as they are written.

    A capital at the beginning of a sentence may be none of a name's: such words are looked at only where ``openings`` is set.
    """
    terms = frozenset(word.term for word in held)
    short_in_full = {letters for run in _runs(held) for letters in _initials(run)}
    short = {word.plain.replace(".", "") for word in held if word.written.isupper() and len(word.written) > 1}
    missing = []
    for run in _runs(told):
        if short.isdisjoint(_initials(run)):
            sure = (word for word in run if openings or word.kind != "opening name")
            missing += [word for word in sure if not _bears(word, terms) and word.plain.replace(".", "") not in short_in_full]
    return (*(word.written for word in missing), *_groups_put_in(told, terms))


def is_kin(term: str, other: str) -> bool:
    """Whether two terms are the same word in another form, or one name: a people and its country, ``found`` and ``founder``."""
    if term == other or any(term in alike and other in alike for alike in _ALIKE):
        return True
    if abs(len(term) - len(other)) == len(_COUNTRY) and {term, other} == {
        term.removesuffix(_COUNTRY),
        f"{term.removesuffix(_COUNTRY)}{_COUNTRY}",
    }:
        return False
    common = next((n for n, (a, b) in enumerate(zip(term, other, strict=False)) if a != b), min(len(term), len(other)))
    return common >= max(_SHORTEST_KIN, min(len(term), len(other)) - 1) and abs(len(term) - len(other)) <= 3


def _bears(word: Word, held: frozenset[str]) -> bool:
    return word.plain in _TITLES or word.term in held or any(is_kin(word.term, term) for term in held)


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The names of a text, each as its capitalised words; small words may stand between them."""
    run: list[Word] = []
    for word in words:
        if word.names:
            run.append(word)
        elif run and word.plain not in _JOINTS and word.written != "-":
            yield run
            run = []
    if run:
        yield run


def _initials(run: Sequence[Word]) -> set[str]:
    """The initials of every two capitalised words and more that stand together."""
    letters = "".join(word.plain[0] for word in run)
    return {letters[start:end] for start, end in combinations(range(len(letters) + 1), 2) if end - start >= 2}


def _groups_put_in(told: Iterable[Word], held: frozenset[str]) -> Iterator[str]:
    by_term = {word.term: word.written for word in told}
    for groups in _SETS:
        new = [group for group in groups if not group.isdisjoint(by_term) and group.isdisjoint(held)]
        lost = [group for group in groups if group.isdisjoint(by_term) and not group.isdisjoint(held)]
        if new and lost:
            yield by_term[min(new[0].intersection(by_term))]
