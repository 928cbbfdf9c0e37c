"""Known problems of the index; each message is a sentence for the person at the keyboard."""

from corpus.errors import PeacebotError


class IndexProblem(PeacebotError):
    """The index is missing, was made by something else, or could not be written."""


class IndexBusy(IndexProblem):
    """Another process is building the index."""


class EncoderProblem(IndexProblem):
    """The model that turns text into vectors is missing, altered or cannot be used."""
