"""The unified social credit code and the division codes."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingdan.foundations.kernel.identifiers import (
    ALPHABET,
    WEIGHTS,
    check_uscc,
    division,
    division_of,
    divisions_within,
    organisation_check,
    uscc_for,
)

VALID = [
    "91110000600037341L",
    "9144030071526726XG",
    "914403001922038216",
    "91110108551385082Q",
    "9111000071093123XX",
    "91350100M000100Y43",
    "N2430481MF00000056",
    "Y1430481MG0000009F",
    "91430481MELCR63F60",
]
INVALID = [
    ("91350100M000100Y4Z", "“Z” at position 18 never stands"),
    ("914403001922038217", "position 18 is 7, but must be 6"),
    ("91350100I000100Y43", "“I” at position 9 never stands"),
    (
        "91310115MA1H8R7C6D",
        "is 6 and must be 4; position 18, which checks the 17 before it, is D ",
    ),
    ("91310115MA1H8R7C6D", "is D and must be 7"),
    ("91110000800088421P", "is 1 and must be 6"),
    ("91110000800088421P", "is P and must be W"),
    ("9144030019220382", "has 16 characters, but must have 18"),
    ("91430481ME0000002B", "position 17, is 2, but must be 1"),
]
codes = st.builds(
    uscc_for,
    st.tuples(
        st.sampled_from("123456789ANY"), st.sampled_from(ALPHABET), st.integers(0, 999999)
    ).map(lambda parts: f"{parts[0]}{parts[1]}{parts[2]:06d}"),
    st.text(ALPHABET, min_size=8, max_size=8),
)


def why(code: str) -> str:
    reason = check_uscc(code).reason
    return "" if reason is None else reason.msgid % reason.facts


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_is_taken_as_it_is_and_in_lower_case(code):
    assert check_uscc(code).valid
    assert check_uscc(code.lower()) == check_uscc(code)
    assert check_uscc(code.lower()).code == code


@pytest.mark.parametrize(("code", "says"), INVALID)
def test_a_wrong_code_is_refused_and_the_reason_names_what_is_wrong(code, says):
    assert not check_uscc(code).valid
    assert says in why(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("91430481 ELCR63F60", "Position 9 is a blank"),
        ("91430481MELCR63F60 ", "Position 19 is a blank"),
        (" 91430481MELCR63F60", "Position 1 is a blank"),
        ("91430481\u3000ELCR63F60", "Position 9 is a blank"),
        ("９1430481MELCR63F60", "“９” at position 1 is a full-width"),
        ("91430481ｍELCR63F60", "“ｍ” at position 9 is a full-width"),
        ("91430481MELCR63F6", "has 17 characters"),
        ("91430481MELCR63F600", "has 19 characters"),
        ("430481198001010", "has 15 characters"),
        ("", "has 0 characters"),
        ("01430481MELCR63F60", "“0” at position 1 stands for no registration authority"),
        ("B1430481MELCR63F60", "“B” at position 1 stands for no registration authority"),
        ("9143O481MELCR63F60", "“O” at position 5 never stands"),
        ("9143A481MELCR63F60", "“A” at position 5 must be a digit"),
        ("91430481MELCR63F6ß", "“ß” at position 18"),
        ("91430481MELCR63F6企", "“企” at position 18"),
    ],
)
def test_nothing_but_lower_case_is_repaired(code, says):
    assert says in why(code)


def test_an_unknown_second_character_alone_is_no_fault():
    assert check_uscc(uscc_for("9X430481", "ME000000")).valid


def test_a_remainder_of_nothing_gives_the_check_character_0():
    assert uscc_for("91430481", "MELCR63F") == "91430481MELCR63F60"


def test_letters_of_an_organisation_code_count_on_without_a_gap():
    assert organisation_check("MA1H8R7C") == "4"
    assert organisation_check("M000100Y") == "4"
    assert organisation_check("71526726") == "X"


def test_weights_are_those_of_the_standard():
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@settings(max_examples=60, deadline=None)
@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_character_written_wrong_is_always_noticed(code, where, written):
    spoilt = code[:where] + written + code[where + 1 :]
    assert check_uscc(code).valid
    assert check_uscc(spoilt).valid == (spoilt == code)


@settings(max_examples=60, deadline=None)
@given(codes, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_noticed(code, where):
    swapped = code[:where] + code[where + 1] + code[where] + code[where + 2 :]
    assert check_uscc(swapped).valid == (swapped == code)


@settings(max_examples=100, deadline=None)
@given(st.text(string.printable + "企０Ａß", max_size=24))
def test_any_text_is_answered(text):
    checked = check_uscc(text)
    assert checked.valid == (checked.reason is None)


@pytest.mark.parametrize(
    ("prefix", "organisation"),
    [("9143048", "ME000000"), ("0A430481", "ME000000"), ("91430481", "IO000000")],
)
def test_no_example_is_made_of_parts_that_no_valid_code_has(prefix, organisation):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part it is
        uscc_for(prefix, organisation)


def test_divisions_are_on_file():
    leiyang = division("430481")
    assert leiyang is not None
    assert (leiyang.name, leiyang.kind, leiyang.within) == ("耒阳市", "县级市", "430400")
    assert len(divisions_within("430400")) == 14
    assert len(divisions_within("430481")) == 30
    assert division_of("91430481MELCR63F60") == "430481"
    assert division("999999") is None
