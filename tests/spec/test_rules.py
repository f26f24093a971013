from typing import Any

import pytest

from emulator.spec.document import Table
from emulator.spec.rules import compile_rules, decode_rule

NOW = 1_000_000


def broken(rule: dict[str, Any], arguments: dict[str, Any]) -> list[tuple[str, str]]:
    judge = compile_rules([decode_rule(Table("f.toml", rule))])
    return [(violation.path, violation.keyword) for violation in judge(arguments, NOW)]


AFTER_NOW = {"rule": "after", "path": "End", "than": "now"}
AFTER_START = {"rule": "after", "path": "End", "than": "Start"}
WITHIN_A_DAY = {"rule": "within", "path": "End", "of": "Start", "seconds": 86400}
RECENT = {"rule": "recent", "path": "End", "seconds": 60}


@pytest.mark.parametrize(
    ("rule", "arguments", "holds"),
    [
        (AFTER_NOW, {"End": NOW + 1}, True),
        (AFTER_NOW, {"End": NOW}, False),
        (AFTER_START, {"End": 8, "Start": 7}, True),
        (AFTER_START, {"End": 7, "Start": 7}, False),
        (AFTER_START, {"End": NOW + 1}, True),
        (AFTER_START, {"End": NOW, "Start": None}, False),
        (AFTER_NOW, {}, True),
        (AFTER_NOW, {"End": "1970-01-12T13:46:41Z"}, True),
        (AFTER_NOW, {"End": "1970-01-12T13:46:40Z"}, False),
        (AFTER_NOW, {"End": "1970-02-30T00:00:00Z"}, True),
        (WITHIN_A_DAY, {"End": 86400, "Start": 0}, True),
        (WITHIN_A_DAY, {"End": 86401, "Start": 0}, False),
        (WITHIN_A_DAY, {"End": NOW + 86400}, True),
        (WITHIN_A_DAY, {"End": NOW + 86401}, False),
        (WITHIN_A_DAY, {"End": "1970-01-13T13:46:40Z"}, True),
        (WITHIN_A_DAY, {"End": "1970-01-13T13:46:41Z"}, False),
        (WITHIN_A_DAY, {"End": "1970-02-30T00:00:00Z"}, False),
        (RECENT, {"End": NOW - 60}, True),
        (RECENT, {"End": NOW - 61}, False),
        (RECENT, {}, True),
    ],
)
def test_moments_are_compared_to_each_other_and_to_now(
    rule: dict[str, Any], arguments: dict[str, Any], holds: bool
) -> None:
    assert broken(rule, arguments) == ([] if holds else [("End", rule["rule"])])


ANY_OF = {"rule": "anyOf", "when": {"M.On": True}, "paths": ["M.Id", "M.Custom"]}


@pytest.mark.parametrize(
    ("mix", "holds"),
    [
        ({"On": True}, False),
        ({"On": False}, True),
        ({}, True),
        ({"On": True, "Id": 0}, True),
        ({"On": True, "Custom": {}}, True),
    ],
)
def test_one_of_several_is_needed_under_a_condition(mix: dict[str, Any], holds: bool) -> None:
    assert broken(ANY_OF, {"M": mix}) == ([] if holds else [("M.Id", "anyOf")])


ENUM = {"rule": "enum", "when": {"Type": 1}, "path": "Subtype", "enum": [1, 2]}


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ({"Type": 1, "Subtype": 2}, True),
        ({"Type": 1, "Subtype": 3}, False),
        ({"Type": 1}, True),
        ({"Type": 2, "Subtype": 3}, True),
    ],
)
def test_a_value_is_one_of_some_under_a_condition(arguments: dict[str, Any], holds: bool) -> None:
    assert broken(ENUM, arguments) == ([] if holds else [("Subtype", "enum")])


MATCHES = {
    "rule": "matches",
    "when": {"Type": "Normal"},
    "over": {"Count": 1},
    "path": "Name",
    "pattern": r"[a-z]\{Count\}\.jpg",
}


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ({"Type": "Normal", "Count": 2, "Name": "a.jpg"}, False),
        ({"Type": "Normal", "Count": 2, "Name": "a{Count}.jpg"}, True),
        ({"Type": "Normal", "Count": 1, "Name": "a.jpg"}, True),
        ({"Type": "Normal", "Name": "a.jpg"}, True),
        ({"Type": "Sprite", "Count": 2, "Name": "a.jpg"}, True),
        ({"Type": "Normal", "Count": 2}, True),
    ],
)
def test_a_text_matches_under_a_condition(arguments: dict[str, Any], holds: bool) -> None:
    assert broken(MATCHES, arguments) == ([] if holds else [("Name", "matches")])


CONTAINS = {"rule": "contains", "when": {"Type": "OSS"}, "path": "Name", "text": "{Count}"}


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ({"Type": "OSS", "Name": "a.jpg"}, False),
        ({"Type": "OSS", "Name": "a{Count}.jpg"}, True),
        ({"Type": "OSS", "Name": "a\n{Count}"}, True),
        ({"Type": "Media", "Name": "a.jpg"}, True),
        ({"Type": "OSS"}, True),
    ],
)
def test_a_text_contains_another_under_a_condition(arguments: dict[str, Any], holds: bool) -> None:
    assert broken(CONTAINS, arguments) == ([] if holds else [("Name", "contains")])


def test_a_condition_may_ask_for_absence() -> None:
    rule = {"rule": "matches", "absent": ["Count"], "path": "Name", "pattern": "x"}

    assert broken(rule, {"Name": "y"}) == [("Name", "matches")]
    assert broken(rule, {"Name": "y", "Count": 1}) == []


FITS = {"rule": "fits", "inside": "Canvas", "list": "List", "member": "At"}
CANVAS = {"Width": 100, "Height": 50}


@pytest.mark.parametrize(
    ("rectangle", "holds"),
    [
        ({"Width": 100, "Height": 50}, True),
        ({"Width": 100, "Height": 50, "X": 0, "Y": 0}, True),
        ({"Width": 100, "Height": 50, "X": 1}, False),
        ({"Width": 100, "Height": 50, "Y": 1}, False),
        ({"Width": 101, "Height": 50}, False),
        ({"Width": 50, "Height": 25, "X": 50, "Y": 25}, True),
    ],
)
def test_rectangles_lie_inside_another(rectangle: dict[str, int], holds: bool) -> None:
    arguments = {"Canvas": CANVAS, "List": [{"At": CANVAS}, {"At": rectangle}]}

    assert broken(FITS, arguments) == ([] if holds else [("List.1.At", "fits")])


def test_rectangles_without_a_canvas_are_nobodys_business() -> None:
    assert broken(FITS, {}) == []
