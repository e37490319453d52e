"""The text format: what Steam writes, and what it looks like when half of it is missing."""

import re

import pytest

from ..vdf import VdfError, parse


def test_names_values_and_nesting() -> None:
    text = '"AppState"\n{\n\t"appid"\t\t"400"\n\t"UserConfig"\n\t{\n\t\t"language" "english"\n\t}\n}\n'
    assert parse(text) == {"appstate": {"appid": "400", "userconfig": {"language": "english"}}}


def test_an_empty_file_is_an_empty_tree() -> None:
    assert parse("") == {}
    assert parse(" \n// only a remark\n") == {}


def test_escapes() -> None:
    assert parse(r'"path" "C:\\Games\\Say \"hi\"" "text" "a\tb\nc"') == {
        "path": r"C:\Games\Say " + '"hi"',
        "text": "a\tb\nc",
    }


def test_quoted_words_may_hold_braces_remarks_and_lines() -> None:
    assert parse('"name" "{ // no remark }\nsecond [line]"') == {"name": "{ // no remark }\nsecond [line]"}


def test_words_without_quotes() -> None:
    assert parse("appid 400\nempty { }") == {"appid": "400", "empty": {}}


def test_remarks_are_skipped() -> None:
    assert parse('// first\n"a" "1" // behind\n"b" "2"') == {"a": "1", "b": "2"}


def test_a_repeated_name_has_its_last_value() -> None:
    assert parse('"a" "1" "A" "2"') == {"a": "2"}


@pytest.mark.parametrize(
    ("condition", "value"),
    [("$LINUX", "new"), ("$linux", "new"), ("!$WIN32", "new"), ("$WIN32", "old"), ("$OSX", "old")],
)
def test_conditions_decide_about_the_pair_before_them(condition: str, value: str) -> None:
    assert parse(f'"a" "old"\n"a" "new" [{condition}]') == {"a": value}


def test_a_condition_may_remove_a_block() -> None:
    assert parse('"a" { "b" "1" } [$WIN32]\n"c" "2"') == {"c": "2"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('"a"\n{\n"b" "1"\n', 2, "this { is never closed; the file may be half written"),
        ('"a"\n"b', 2, "a quote is never closed"),
        ('"a" "1"\n"b"', 2, 'expected a value or { after "b"'),
        ('"a"\n}', 1, 'expected a value or { after "a"'),
        ('"a" "1"\n}', 2, "expected a name, found }"),
        ('"a" "1"\n\n{', 3, "expected a name, found {"),
        ('"a" ]', 1, "']' has no meaning here"),
    ],
)
def test_what_is_no_vdf_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(VdfError, match=re.escape(message)) as caught:
        parse(text)
    assert caught.value.line == line
