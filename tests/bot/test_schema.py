"""The published form of an Answer: one schema in two places, true of every status and of its own examples."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bot.answer import SENTENCES, answer_question
from bot.schema import Answer, Dispute, DisputeAccount, Status
from index.case_index import CaseIndex
from tests.bot.conftest import COVERED, NOT_COVERED

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "bot/answer.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def valid(answer: Answer) -> dict[str, Any]:
    """The Answer as it is after a journey as JSON, held to the schema."""
    told: dict[str, Any] = json.loads(json.dumps(answer.as_json()))
    VALIDATOR.validate(told)
    return told


def test_what_is_shipped_is_what_is_published() -> None:
    assert (ROOT / "docs/answer.schema.json").read_bytes() == (ROOT / "bot/answer.schema.json").read_bytes()


def test_the_schema_is_one_and_its_examples_keep_it() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {"answered", "not_covered", "invalid_question"} <= {example["status"] for example in SCHEMA["examples"]}
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)


def test_the_schema_names_the_fields_and_statuses_that_there_are(small_index: CaseIndex) -> None:
    told = valid(answer_question(COVERED[0], index=small_index, public_url="http://localhost"))
    assert set(told) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    assert set(SCHEMA["properties"]["status"]["enum"]) == set(get_args(Status)) == set(SENTENCES)


@pytest.mark.parametrize(("question", "status"), [(COVERED[-1], "answered"), (NOT_COVERED[0], "not_covered"), ("", "invalid_question")])
def test_every_status_that_a_question_can_get_has_the_published_form(small_index: CaseIndex, question: str, status: str) -> None:
    told = valid(answer_question(question, index=small_index, public_url="https://peace.example.org"))
    assert told["status"] == status
    assert (told["reason"] is not None) == (status == "invalid_question")


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_there_is_has_the_published_form(small_index: CaseIndex, status: Status) -> None:
    answer = answer_question(COVERED[0], index=small_index, public_url="http://localhost")
    valid(replace(answer, status=status, reason=SENTENCES[status], notice="The model was slow.", mode="model", model="m"))


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "maybe"},
        {"mode": None},
        {"id": "17"},
        {"removed_sentences": -1},
        {"suggestions": "none"},
        {"timings_ms": {"total": -1.0}},
        {"disputes": (Dispute("f", (DisputeAccount("one side alone", 1),)),)},
    ],
)
def test_what_is_not_in_the_published_form_is_refused(small_index: CaseIndex, broken: dict[str, Any]) -> None:
    answer = replace(answer_question(COVERED[0], index=small_index, public_url="http://localhost"), **broken)
    assert not VALIDATOR.is_valid(json.loads(json.dumps(answer.as_json())))
