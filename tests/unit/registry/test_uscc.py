"""统一社会信用代码 and its neighbours: GB 32100, GB 11714, ISO 7064 and GB 11643."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.registry.uscc import (
    ALPHABET,
    WEIGHTS,
    check_code,
    check_regno,
    check_uscc,
    id_check_char,
    is_id_number,
    org_check_char,
    registration_check_digit,
    uscc_check_char,
)

REAL = "11500000MB17643950"
BODIES = st.text(ALPHABET, min_size=8, max_size=8)
HEADS = st.sampled_from(["91", "92", "93", "11", "12", "51", "52"])
AREAS = st.sampled_from(["500000", "500110", "370305", "110000"])


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Valid codes of every kind of body."""
    body = draw(BODIES)
    first17 = draw(HEADS) + draw(AREAS) + body + org_check_char(body)
    return first17 + uscc_check_char(first17)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """ID numbers that could be somebody's."""
    born = draw(st.dates(date(1920, 1, 1), date(2025, 12, 31)))
    area = draw(st.sampled_from(["110105", "500103", "510104", "440524", "330106"]))
    first17 = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + id_check_char(first17)


def _vectors() -> list[tuple[str, bool]]:
    """The published vectors: code and whether it is valid."""
    path = Path(__file__).parents[2] / "data" / "registry" / "uscc-vectors.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return [(row["code"], row["valid"] == "yes") for row in csv.DictReader(stream)]


def test_weights_are_those_of_the_standard() -> None:
    """GB 32100 prints the powers of 3 modulo 31."""
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize(("code", "valid"), _vectors())
def test_vectors_are_judged_as_published(code: str, valid: bool) -> None:
    """Real public bodies, the standard's walk-through and synthetic codes."""
    assert (check_uscc(code).error is None) == valid


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("9150000", "code_length"),
        ("91350100M000100Y4Z", "uscc_characters"),
        ("9150AB00MAXX00007C", "uscc_area_digits"),
        ("11500000009276118C", "uscc_check"),
        ("11010519491231002X", "id_number"),
        ("", "code_length"),
    ],
)
def test_first_failing_check_decides(code: str, error: str) -> None:
    """Each fault has its own code."""
    assert check_uscc(code).error == error


def test_wrong_organisation_code_is_an_error_for_new_and_a_warning_for_old_codes() -> None:
    """GB 11714 inside a code whose own check character is right."""
    new, old = "91500000MAXX00008", "115000000092761190"[:17]
    assert check_uscc(new + uscc_check_char(new)).error == "org_check"
    checked = check_uscc(old + uscc_check_char(old))
    assert (checked.error, checked.warnings) == (None, ("org_check_old",))


def test_unknown_pair_and_area_are_warnings() -> None:
    """The tables are not known to be complete and areas come and go."""
    first17 = "9Y500777MAXX00007"
    checked = check_uscc(first17 + uscc_check_char(first17))
    assert (checked.error, checked.warnings) == (None, ("uscc_pair_unknown", "uscc_area_unknown"))


def test_unknown_pair_is_an_error_once_the_list_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """The column ``complete`` of the table decides, not the code."""
    monkeypatch.setattr("shuangsui.registry.uscc.pair_list_complete", lambda department: department == "9")
    first17 = "9Y500000MAXX00007"
    assert check_uscc(first17 + uscc_check_char(first17)).error == "uscc_pair"


def test_area_of_any_period_is_known() -> None:
    """500381 was abolished in 2006 and stands in a valid code."""
    assert check_uscc("11500381753064447F").warnings == ()


def test_letters_o_and_i_are_suggested_never_corrected() -> None:
    """The suggestion is for a person; the code stays refused."""
    checked = check_uscc("115OOOOOMBI7643950")
    assert (checked.error, checked.suggestion) == ("uscc_characters", REAL)


@pytest.mark.parametrize(
    "written", [" 11500000mb17643950 ", "１１５０００００ＭＢ１７６４３９５０", "11500000 MB17 6439 50"]
)
def test_width_case_and_spaces_do_not_matter(written: str) -> None:
    """The value is the code as the register writes it."""
    assert check_uscc(written).value == REAL


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_single_edit_is_detected(code: str, place: int, char: str) -> None:
    """Any character replaced by another one."""
    edited = code[:place] + char + code[place + 1 :]
    assert (check_uscc(edited).error is None) == (edited == code)


@given(codes(), st.integers(0, 15), st.integers(1, 16))
def test_transposition_is_detected(code: str, place: int, distance: int) -> None:
    """Any two of the first seventeen characters exchanged."""
    other = min(place + distance, 16)
    chars = list(code)
    chars[place], chars[other] = chars[other], chars[place]
    assert (check_uscc("".join(chars)).error is None) == (chars == list(code))


@given(id_numbers())
def test_id_number_is_refused_by_every_check(number: str) -> None:
    """One in 31 would pass the check character alone."""
    assert is_id_number(number)
    assert check_code(number).error == "id_number"
    assert check_code(number.lower()).error == "id_number"


def test_id_number_that_passes_the_check_character_is_refused() -> None:
    """The case that makes step 7 of the standard's validator necessary."""
    first16 = "1101051949123100"
    candidates = [f"{first16[:14]}{n:03d}" for n in range(1000)]
    both = [first + id_check_char(first) for first in candidates if id_check_char(first) == uscc_check_char(first)]
    assert len(both) > 10
    assert {check_uscc(number).error for number in both} == {"id_number"}


@pytest.mark.parametrize(
    "text", ["110105194912310021", "11010519491331002X", "91500000MAXX00007C", "11010519491231002"]
)
def test_other_texts_are_no_id_numbers(text: str) -> None:
    """Wrong check, impossible month, a firm's code, seventeen digits."""
    assert not is_id_number(text)


def test_registration_number_of_fifteen_digits() -> None:
    """ISO 7064 mod 11,10 over fourteen digits."""
    good = "50010560000123" + registration_check_digit("50010560000123")
    assert check_code(good).error is None
    assert check_code(good[:14] + str((int(good[14]) + 1) % 10)).error == "regno_check"
    assert check_regno("5001056000012A0").error == "regno_digits"


@given(st.from_regex(r"[1-9][0-9]{13}", fullmatch=True), st.integers(0, 14), st.sampled_from("0123456789"))
def test_single_edit_of_a_registration_number_is_detected(first14: str, place: int, digit: str) -> None:
    """Mod 11,10 finds every single wrong digit."""
    number = first14 + registration_check_digit(first14)
    edited = number[:place] + digit + number[place + 1 :]
    assert (check_regno(edited).error is None) == (edited == number)


def test_registration_number_like_an_old_id_number_is_told() -> None:
    """Fifteen digits with a birthday in them: only a person can know."""
    first14 = "50010321011500"
    assert check_regno(first14 + registration_check_digit(first14)).warnings == ("looks_like_old_id",)
