"""The one door to the templates: every value is escaped, and an unknown name is an error rather than a blank."""

import re
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from corpus.references import written_date

STATIC = files("bot.web") / "static"
_ENDS_AND_INDENTS = re.compile(r"[ \t\r\n]+")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_DIRECTION_OVERRIDES = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TAGS = range(0xE0000, 0xE0080)
_LONE_SURROGATES = range(0xD800, 0xE000)
_UNSEEN = dict.fromkeys((*_CONTROLS, *_DIRECTION_OVERRIDES, *_TAGS, *_LONE_SURROGATES))


def page(template: str, **values: object) -> str:
    """A template filled in, as HTML."""
    return _environment().get_template(template).render(values)


def block(template: str, **values: object) -> str:
    """A template filled in, on one line: Markdown takes it as one block of HTML and leaves everything inside it alone."""
    return _ENDS_AND_INDENTS.sub(" ", page(template, **values)).strip()


def web_address(address: str | None) -> str | None:
    """The address where it leads to the web; None where it is missing or of another scheme, such as ``javascript:``."""
    return address if address and _WEB.match(address) else None


def readable(text: str) -> str:
    """Text without the characters that nobody sees but that reorder or hide what is read."""
    return text.translate(_UNSEEN)


def period(years: tuple[str, str | None]) -> str:
    """A period as one would say it: ``1997 to 2010``, or ``Since 1997`` while the matter goes on."""
    begin, end = years
    if end is None:
        return f"Since {written_date(begin)}"
    return written_date(begin) if begin == end else f"{written_date(begin)} to {written_date(end)}"


def passage_path(passage_id: str, *sentences: str) -> str:
    """The path of a passage on its case page; browsers that know text fragments mark the given sentences there."""
    case_id, _, anchor = passage_id.partition("#")
    marks = "&".join(f"text={quote(sentence, safe='').replace('-', '%2D')}" for sentence in sentences)
    return f"/cases/{quote(case_id)}#{quote(anchor)}" + (f":~:{marks}" if marks else "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"web_address": web_address, "readable": readable, "period": period, "written_date": written_date}
    environment.globals["passage_path"] = passage_path
    return environment
