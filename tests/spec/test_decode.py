from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.spec.action import Action, Evidence
from emulator.spec.catalog import Catalog
from emulator.spec.document import DocumentError

GATEWAY = """
source = "https://example.com/gateway"
evidence = "documented"
error_status = 418
unknown_parameters = "refuse"
[errors.Known]
message = "literal {path}"
number = 7
[errors.Known.variants.other]
message = "another"
"""
ACTION = """
title = "An action"
source = "https://example.com/action"
evidence = "documented"
calls_per_second = 1
methods = ["POST"]
"""
Decode = Callable[..., Action]


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    """Write an action's file, its product's and the gateway's, and decode the action."""

    def decode(action: str, types: str = "", gateway: str = GATEWAY, errors: str = "") -> Action:
        folder = tmp_path / "specs" / "product" / "2020-01-01"
        folder.mkdir(parents=True, exist_ok=True)
        (folder.parent.parent / "gateway.toml").write_text(gateway)
        (folder / "Act.toml").write_text(ACTION + action)
        (folder / "types.toml").write_text(types)
        (folder / "errors.toml").write_text(errors)
        found = Catalog(folder.parent.parent).find("product", "2020-01-01", "Act")
        assert found is not None
        return found

    return decode


def test_what_a_parameter_does_not_say_is_as_in_its_file(decode: Decode) -> None:
    action = decode("""
        [parameters.Width]
        type = "integer"
        minimum = 2
        evidence = "assumed"
        assumed.minimum = "a guess"
        """)

    provenance = action.parameters["Width"].provenance

    assert provenance.source == "https://example.com/action"
    assert provenance.evidence is Evidence.ASSUMED
    assert provenance.assumed == {"minimum": "a guess"}


def test_an_error_takes_what_it_leaves_out_from_the_gateways_of_the_same_name(
    decode: Decode,
) -> None:
    error = decode('[errors.Known]\naccount = ["arrears"]').errors["Known"]

    assert (error.status, error.number, error.account) == (418, 7, ("arrears",))
    assert error.text("", "en-US") == "literal {path}"
    assert error.text("other", "en-US") == "another"


def test_a_description_is_answered_for_want_of_a_text_and_is_assumed(decode: Decode) -> None:
    error = decode('[errors.New]\ndescription = "What it means."').errors["New"]

    assert error.text("", "zh-CN") == "What it means."
    assert error.message.provenance.evidence is Evidence.ASSUMED


def test_a_shared_type_may_be_used_twice(decode: Decode) -> None:
    action = decode(
        '[parameters.A]\nuse = "Size"\nrequired = true\n[parameters.B]\nuse = "Size"',
        '[Size]\ntype = "object"\n[Size.properties.Width]\ntype = "integer"',
    )

    assert action.parameters["A"].required
    assert not action.parameters["B"].required
    assert list(action.parameters["B"].properties) == ["Width"]


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        (
            '[parameters.Width]\ntype = "integer"\nmaximun = 3',
            r"Act\.toml: parameters\.Width: unknown key 'maximun', did you mean 'maximum'\?",
        ),
        (
            '[parameters.Width]\ntype = "int"',
            r"parameters\.Width: 'type' must be one of integer, .*, not 'int'",
        ),
        ("[parameters.Width]\nminimum = 1", r"parameters\.Width: missing key 'type'"),
        (
            '[parameters.Name]\ntype = "string"\nminimum = 1',
            r"parameters\.Name: unknown key 'minimum'",
        ),
        ('[parameters.A]\nuse = "Nothing"', "'use' names no type of the product: 'Nothing'"),
        ('[errors.New]\naccount = ["broke"]\nmessage = "x"', "no such account state: 'broke'"),
        ("[errors.New]\nnumber = 1", r"errors\.New: missing key 'message', or 'description'"),
        ('[[rules]]\nrule = "before"', r"rules\.0: 'rule' must be one of after, within"),
        ('[[rules]]\nrule = "after"\npath = "A"', r"rules\.0: missing key 'than'"),
        ('[[rules]]\nrule = "after"\npath = "A"\nthan = "B"\nby = 1', "unknown key 'by'"),
        ("[codes]\nminimum = 3", "codes: 'minimum' must be str, not int"),
        ('colour = "red"', "unknown key 'colour'"),
        ("drift.parameters.A.type = 1", r"drift\.parameters\.A: 'type' must be one line of text"),
        ('drift.response.A = ""', r"drift\.response: 'A' must be one line of text"),
        (r'drift.response.A = "two\nlines"', r"drift\.response: 'A' must be one line of text"),
        ('drift.paramters.A = "why"', "drift: unknown key 'paramters', did you mean 'parameters'"),
        ('drift.parameters = "why"', "drift: 'parameters' must be dict, not str"),
    ],
)
def test_a_mistake_in_a_spec_names_file_key_and_what_was_expected(
    decode: Decode, action: str, complaint: str
) -> None:
    with pytest.raises(DocumentError, match=complaint):
        decode(action)


def test_a_file_without_a_source_is_refused(decode: Decode) -> None:
    with pytest.raises(DocumentError, match=r"gateway\.toml: missing key 'source'"):
        decode("", gateway='evidence = "documented"\nunknown_parameters = "refuse"')


def test_methods_are_the_gateways_or_each_actions_own(decode: Decode) -> None:
    own = decode("")

    with pytest.raises(DocumentError, match=r"Act\.toml: unknown key 'methods'"):
        decode("", gateway=f'methods = ["GET"]\n{GATEWAY}')

    assert own.methods == ("POST",)


def test_an_action_is_found_by_its_exact_name_only(decode: Decode, tmp_path: Path) -> None:
    decode("")
    catalog = Catalog(tmp_path / "specs")

    found = [
        name
        for name in ("Act", "act", "types", "../gateway", "")
        if catalog.find("product", "2020-01-01", name)
    ]

    assert found == ["Act"]


SHARED = """
source = "https://example.com/errors"
evidence = "documented"
[sets]
USUAL = ["Frozen", "Known"]
[errors.Frozen]
description = "Frozen."
account = ["frozen"]
[errors.Known]
[errors.Single]
message = "single"
number = 9
"""


def test_an_action_uses_sets_and_single_errors_of_its_product(decode: Decode) -> None:
    errors = decode('use_errors = ["USUAL", "Single"]', errors=SHARED).errors

    assert list(errors) == ["Frozen", "Known", "Single"]
    assert errors["Frozen"].account == ("frozen",)
    assert errors["Known"].text("", "en-US") == "literal {path}"
    assert errors["Single"].provenance.source == "https://example.com/errors"


def test_an_own_error_takes_what_it_leaves_out_from_the_products(decode: Decode) -> None:
    action = 'use_errors = ["Single"]\n[errors.Single]\nunknown = ["Thing"]'

    error = decode(action, errors=SHARED).errors["Single"]

    assert (error.unknown, error.number, error.text("", "en-US")) == (("Thing",), 9, "single")


def test_an_error_that_the_product_does_not_have_is_refused(decode: Decode) -> None:
    with pytest.raises(DocumentError, match=r"Act\.toml: 'use_errors' names no error or set"):
        decode('use_errors = ["Unusual"]', errors=SHARED)


def test_an_action_may_be_on_some_sites_only(decode: Decode) -> None:
    assert decode('sites = ["mainland"]').sites == ("mainland",)
    assert decode("").sites == ()


def test_a_difference_from_the_packages_is_explained_under_its_path(decode: Decode) -> None:
    action = decode('drift.parameters.A.B.type = "why"\ndrift.response.C = "because"')

    assert action.drift == {"parameters.A.B.type": "why", "response.C": "because"}


def test_a_products_explanations_are_of_codes_only(decode: Decode) -> None:
    with pytest.raises(DocumentError, match=r"errors\.toml: drift: unknown key 'parameters'"):
        decode('use_errors = ["Single"]', errors=SHARED + '[drift.parameters]\nA = "why"')
