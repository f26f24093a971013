"""What a spec file says of one site of a vendor only."""

from collections.abc import Callable

import pytest

from emulator.spec.action import Action
from emulator.spec.document import DocumentError
from tests.spec.test_decode import decode

__all__ = ["decode"]

Decode = Callable[..., Action]
PAGE_SIZE = """
[parameters.PageSize]
type = "integer"
maximum = 100
[parameters.PageSize.at.mainland]
maximum = 300
source = "https://example.com/mainland"
assumed.maximum = "a guess"
"""


def test_a_constraint_may_be_another_one_at_a_site(decode: Decode) -> None:
    action = decode(PAGE_SIZE)

    limits = [action.at(site).parameters["PageSize"].constraints for site in ("intl", "mainland")]
    checks = [len(action.at(site).check({"PageSize": 300})) for site in ("intl", "mainland")]

    assert limits == [{"maximum": 100}, {"maximum": 300}]
    assert checks == [1, 0]


def test_what_a_site_says_has_a_source_of_its_own(decode: Decode) -> None:
    here, there = (decode(PAGE_SIZE).at(site) for site in ("intl", "mainland"))

    said = [each.parameters["PageSize"].provenance for each in (here, there)]
    assert [each.source for each in said] == [
        "https://example.com/action",
        "https://example.com/mainland",
    ]
    assert [each.assumed for each in said] == [{}, {"maximum": "a guess"}]


def test_a_parameter_is_unknown_at_other_sites(decode: Decode) -> None:
    action = decode(
        """
        [parameters.Holder]
        type = "object"
        [parameters.Holder.properties.Usual]
        type = "string"
        [parameters.Holder.properties.Own]
        type = "string"
        sites = ["mainland"]
        """
    )

    broken = [action.at(site).check({"Holder": {"Own": "x"}}) for site in ("intl", "mainland")]

    assert [[each.keyword for each in found] for found in broken] == [["additionalProperties"], []]


def test_a_rule_counts_at_its_site_only(decode: Decode) -> None:
    action = decode(
        """
        [parameters.Start]
        type = "integer"
        [[rules]]
        rule = "within"
        path = "Start"
        of = "now"
        seconds = 10
        sites = ["intl"]
        """
    )

    assert [len(action.rules), len(action.at("mainland").rules)] == [1, 0]


def test_shared_types_may_differ_too(decode: Decode) -> None:
    action = decode(
        '[parameters.Size]\nuse = "Size"\n',
        types='[Size]\ntype = "object"\n[Size.properties.Own]\ntype = "string"\n'
        'sites = ["mainland"]\n',
    )

    members = [list(action.at(s).parameters["Size"].properties) for s in ("intl", "mainland")]

    assert members == [[], ["Own"]]


def test_a_file_that_names_no_site_is_decoded_once(decode: Decode) -> None:
    action = decode('[parameters.Name]\ntype = "string"\n')

    assert action.at("mainland") is action


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[parameters.A]\ntype = "string"\nsites = ["moon"]', "'sites' must be a list of intl"),
        ('[parameters.A]\ntype = "string"\nsites = "intl"', "'sites' must be a list of intl"),
        ('[parameters.A]\ntype = "string"\n[parameters.A.at.moon]', "'at' must have tables of"),
        ('[parameters.A]\ntype = "string"\nat = 5', "'at' must have tables of"),
        (
            '[parameters.A]\ntype = "string"\n[parameters.A.at.mainland]\nmaxBites = 5',
            "unknown key 'maxBites'",
        ),
    ],
)
def test_what_no_site_can_mean_is_refused(decode: Decode, text: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        decode(text)
