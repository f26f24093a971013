"""Where TIW's events go: set, shown and deleted, per application and family."""

from typing import Any

import pytest

from tests.flows.tiw import Classroom

FAMILIES = ["OnlineRecord", "VideoGenerationTask"]
each_family = pytest.mark.parametrize("family", FAMILIES)


@pytest.fixture
def room() -> Classroom:
    return Classroom()


def shown(room: Classroom, family: str, **arguments: Any) -> tuple[str, str]:
    setting = room.call(f"Describe{family}Callback", **arguments)
    return setting["Callback"], setting["CallbackKey"]


@each_family
def test_a_setting_is_empty_until_it_is_made_and_after_it_is_deleted(
    room: Classroom, family: str
) -> None:
    states = [shown(room, family)]
    for suffix, values in (("", ["https://x/cb", ""]), ("Key", ["secret", ""])):
        for value in values:
            room.call(f"Set{family}Callback{suffix}", **{f"Callback{suffix}": value})
            states.append(shown(room, family))

    assert states == [("", ""), ("https://x/cb", ""), ("", ""), ("", "secret"), ("", "")]


@each_family
def test_address_and_key_are_kept_side_by_side(room: Classroom, family: str) -> None:
    room.call(f"Set{family}Callback", Callback="http://x/cb")
    room.call(f"Set{family}CallbackKey", CallbackKey="secret")
    room.call(f"Set{family}Callback", Callback="http://y/cb")

    assert shown(room, family) == ("http://y/cb", "secret")


@each_family
def test_a_setting_is_its_own_familys_and_applications(room: Classroom, family: str) -> None:
    other = next(name for name in FAMILIES if name != family)
    room.call(f"Set{family}Callback", Callback="http://x/cb")

    assert shown(room, other) == ("", "")
    assert shown(room, family, SdkAppId=2) == ("", "")


@each_family
@pytest.mark.parametrize("address", ["x", "ftp://x", "HTTP//x", "//x", " http://x"])
def test_an_address_begins_with_http(room: Classroom, family: str, address: str) -> None:
    code = room.code(f"Set{family}Callback", Callback=address)

    assert code == "InvalidParameter.CallbackAddressFormatError"


@each_family
@pytest.mark.parametrize(("length", "code"), [(64, ""), (65, "InvalidParameter")])
def test_a_key_has_at_most_64_characters(
    room: Classroom, family: str, length: int, code: str
) -> None:
    assert room.code(f"Set{family}CallbackKey", CallbackKey="k" * length) == code


@each_family
def test_a_value_is_mandatory(room: Classroom, family: str) -> None:
    codes = [room.code(f"Set{family}Callback"), room.code(f"Set{family}CallbackKey")]

    assert codes == ["MissingParameter", "MissingParameter"]
