"""Where every question from the web arrives: the settings, the current index and the last answers, for all faces alike."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot import answer
from bot.follow_up import Turn
from bot.model import Model
from bot.schema import Answer, Event
from bot.settings import Settings
from bot.web.problems import Problem, apology, problem
from corpus.errors import PeacebotError
from index.case_index import CaseIndex, Scope

IndexProvider = Callable[[], CaseIndex]

Step = TypeVar("Step")

ANSWERS_KEPT = 1000


class AnswerShelf:
    """The last answers given, by id. The oldest goes when the shelf is full; nothing outlives the process."""

    def __init__(self, capacity: int = ANSWERS_KEPT) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, given: Answer) -> None:
        """Put an answer on the shelf, as the newest; what was no question is not kept, however long it was."""
        if given.status == "invalid_question":
            return
        with self._lock:
            self._answers[given.id] = given
            self._answers.move_to_end(given.id)
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)

    def find(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None where it is unknown or already gone."""
        with self._lock:
            return self._answers.get(answer_id)


@dataclass(frozen=True)
class Desk:
    """What the chat, the interface and the case pages share. ``index`` returns the index as it is at that moment.

    ``model`` writes the answers, where there is one.
    """

    settings: Settings
    index: IndexProvider
    model: Model | None = None
    answers: AnswerShelf = field(default_factory=AnswerShelf)

    def scope(self, areas: Sequence[str] = (), kinds: Sequence[str] = (), themes: Sequence[str] = ()) -> Scope:
        """A scope whose words all stand in the vocabulary; raises ScopeError with a sentence where one does not."""
        return Scope.checked(self.index().vocabulary, areas=areas, themes=themes, kinds=kinds)

    def events(self, question: str, scope: Scope, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The events of an answer as they come; the Answer itself, which is the last, is kept on the shelf."""
        index = self.index()
        public_url = self.settings.public_url
        # JSON can carry half of a surrogate pair, which no answer could be sent with.
        whole = question.encode("utf-8", "replace").decode("utf-8")
        for event in answer.events(whole, index=index, scope=scope, history=history, public_url=public_url, model=self.model):
            if isinstance(event, Answer):
                self.answers.keep(event)
            yield event


def or_problem(steps: Iterator[Step]) -> Iterator[Step | Problem]:
    """The steps of something a reader is already watching: what goes wrong then comes as one more, the last."""
    try:
        yield from steps
    except PeacebotError as error:
        yield problem(503, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, a reader who has begun to read is told
        yield apology(error)
