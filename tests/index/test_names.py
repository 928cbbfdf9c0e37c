"""Names: which a question holds, and whether a case tells of them."""

import pytest

from index.names import Named, missing_names

CASE = Named.of(
    [
        "General John de Chastelain of Canada chaired the Independent International Commission on Decommissioning (IICD).",
        "Nuala O'Loan and Étienne Tshisekedi spoke.",
        "The United Nations and the IRA's leaders met in Kenya; women of Nigeria and the Philippines followed.",
    ]
)


@pytest.mark.parametrize(
    "question",
    [
        "Who chaired the commission?",
        "What did John de Chastelain do?",
        "What did de Chastelain's commission see of the IRA's arms?",
        "What did the UN say?",
        "What did Nuala O'Loan say?",
        "Did O\N{RIGHT SINGLE QUOTATION MARK}Loan speak?",
        "What did I miss of Étienne Tshisekedi?",
        "What did the Independent International Commission on Decommissioning do?",
        "Which Kenyan and Nigerian women came?",
        "Were there Filipino women?",
        "Did women come from the Philippines?",
        "Who was General Chastelian?",
        "who chaired the body in westphalia?",
        "Westphalia saw what?",
        "WHO DISARMED THE UVF IN WESTPHALIA?",
    ],
)
def test_a_name_that_the_case_tells_is_not_missing(question: str) -> None:
    assert missing_names(question, CASE) == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who verified that the IRA disarmed in Mindanao?", ["mindanao"]),
        ("UVF arms: who saw them?", ["uvf"]),
        ("What did the commission find in Niger?", ["niger"]),
        ("What did the European Union pay?", ["european", "union"]),
        ("Did George Mitchell chair it?", ["georg", "mitchel"]),
    ],
)
def test_a_name_that_it_never_tells_is_missing(question: str, missing: list[str]) -> None:
    assert missing_names(question, CASE) == missing


def test_two_cases_tell_together_what_neither_tells_alone() -> None:
    assert missing_names("Did the IRA fight in Mindanao?", CASE | Named.of(["Mindanao is an island."])) == []
