"""What is said when not those requests and callbacks came that were expected."""

import pytest

from emulator.client import NoMatch
from emulator.client.search import Near, Sighting, newest, nothing, the_one
from emulator.web.shapes.search import CallbackSearch, MissShown, RequestSearch

NEAR = Near("tencent B accepted {}", [MissShown(field="B.C", expected=1, got="1")])


def seen(*items: str, near: tuple[Near, ...] = (), **asked: object) -> Sighting[str]:
    search = RequestSearch(**asked)  # type: ignore[arg-type]  # the members of the search
    return Sighting(search, "request", len(items), items, str.upper, near)


def test_what_was_waited_for_in_vain_is_told_with_what_came_nearest() -> None:
    sighting = seen(
        "a", near=(NEAR,), action="A", parameters={"B.C": 1}, at_least=2, timeout_seconds=5
    )

    with pytest.raises(NoMatch) as caught:
        newest(sighting)

    assert str(caught.value).splitlines() == [
        '1 of 2 requests came within 5 s: action=A, parameters={"B.C":1}',
        "",
        "nearest: tencent B accepted {}",
        "    B.C: expected 1, got '1'",
    ]


def test_where_nothing_came_at_all_this_is_told_and_what_else_is_known() -> None:
    search = CallbackSearch()

    with pytest.raises(NoMatch) as caught:
        newest(Sighting(search, "callback", 0, [], str.upper, []), lambda: "the clock is held")

    assert str(caught.value).splitlines() == [
        "0 of 1 callbacks came within 0 s: any",
        "no callback came at all",
        "the clock is held",
    ]


def test_where_one_is_expected_and_none_fits_the_nearest_is_told() -> None:
    with pytest.raises(NoMatch) as caught:
        the_one(seen(near=(NEAR,), action="A"))

    assert str(caught.value).splitlines() == [
        "no request fits: action=A",
        "",
        "nearest: tencent B accepted {}",
        "    B.C: expected 1, got '1'",
    ]


def test_where_one_is_expected_and_several_fit_they_are_told() -> None:
    with pytest.raises(NoMatch) as caught:
        the_one(seen("a", "b", action="A"))

    assert str(caught.value).splitlines() == [
        "2 requests fit, expected one: action=A",
        "    A",
        "    B",
    ]


def test_of_many_that_fit_the_newest_are_told() -> None:
    with pytest.raises(NoMatch) as caught:
        the_one(seen(*"abcdefg"))

    assert str(caught.value).split() == [*"7 requests fit, expected one: any".split(), *"…CDEFG"]


def test_where_none_is_expected_the_one_that_fits_is_told() -> None:
    with pytest.raises(NoMatch) as caught:
        nothing(seen("a", action="A"))

    assert str(caught.value).splitlines() == ["1 request fits, expected none: action=A", "    A"]
