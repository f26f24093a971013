"""The quick test of arguments agrees with the list of what is wrong with them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.spec.action import Action, Parameter
from emulator.spec.soundness import compile_soundness
from emulator.spec.validate import applies, compile_listing
from emulator.vendors import VENDORS

ACTIONS = [
    pytest.param(action, id=action.name) for vendor in VENDORS for action in vendor.catalog.every()
]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**65), 2**65),
    st.integers(-2, 3000),
    st.floats(allow_nan=False),
    st.text(max_size=200),
    st.sampled_from(["", "{}", "1.0", "http://example.com/a"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Return values that fit the parameter now and then, and never all of it for long."""
    likely: list[st.SearchStrategy[Any]] = [ANYTHING]
    if parameter.properties:
        likely.append(objects(parameter.properties))
    elif parameter.items:
        likely.append(st.lists(values(parameter.items), max_size=2))
    if allowed := parameter.constraints.get("enum"):
        likely.append(st.sampled_from(allowed))
    for word in ("minimum", "maximum"):
        if word in parameter.constraints:
            limit = int(parameter.constraints[word])
            likely.append(st.integers(limit - 1, limit + 1))
    return st.one_of(*reversed(likely))


def objects(members: dict[str, Parameter] | Any) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: values(member) for name, member in members.items()}
    required = {name: known[name] for name, member in members.items() if member.required}
    others = {name: each for name, each in known.items() if name not in required}
    return st.one_of(
        st.fixed_dictionaries(required, optional=others),
        st.fixed_dictionaries({}, optional={**known, "Unknown": ANYTHING}),
    )


@pytest.mark.parametrize("action", ACTIONS)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_sound_has_nothing_wrong_with_it(action: Action, data: st.DataObject) -> None:
    sent = data.draw(objects(action.parameters))

    if compile_soundness(action.parameters)(sent):
        assert not compile_listing(action.parameters)(sent)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_empty_call_is_sound_only_where_nothing_is_required(action: Action) -> None:
    members = action.parameters
    needed = [each for each in members.values() if each.required and applies(each, {}, members)]

    assert compile_soundness(members)({}) is (not needed)
