"""The root of every known problem.

PeacebotError
├── corpus.problems.CorpusError       mistakes in the files of a corpus
├── index.errors.IndexProblem         no index, a stale or damaged one, no room to write
│   ├── index.errors.IndexBusy        another process is building the index
│   └── index.errors.EncoderProblem   a model that is missing, altered or cannot be exported
├── index.case_index.ScopeError       a filter that names an unknown area, theme or kind
└── bot.settings.SettingsProblem     a setting that cannot be used
"""


class PeacebotError(Exception):
    """A known problem: its message is one plain sentence that names the cure."""
