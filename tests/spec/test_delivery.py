"""How callbacks are delivered, as documents say it."""

from pathlib import Path

import pytest

from emulator.spec.action import Evidence
from emulator.spec.delivery import decode_deliveries
from emulator.spec.document import DocumentError
from emulator.vendors import VENDORS

FILE = """
source = "https://vendor.test"
read_on = 2026-11-21
evidence = "documented"

[of.lesson]
timeout_seconds = 3
retry_delays_seconds = [1, 2.5]
user_agent = "agent"
is_signed_anew = true
assumed.user_agent = "nobody says"
"""


def test_a_document_says_how_each_kind_of_callback_is_delivered(tmp_path: Path) -> None:
    file = tmp_path / "delivery.toml"
    file.write_text(FILE)

    lesson = decode_deliveries(file)["lesson"]

    assert (lesson.timeout_seconds, lesson.retry_delays_seconds) == (3, (1, 2.5))
    assert (lesson.user_agent, lesson.is_signed_anew) == ("agent", True)
    assert lesson.provenance.evidence is Evidence.DOCUMENTED
    assert lesson.provenance.assumed == {"user_agent": "nobody says"}


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("timeout_seconds = 3", "", "of.lesson: missing key 'timeout_seconds'"),
        ("[1, 2.5]", "['1']", "of.lesson: 'retry_delays_seconds' must be a list of numbers"),
        ("user_agent = ", "user_agnet = ", "of.lesson: missing key 'user_agent'"),
        ("is_signed_anew = true", "is_signed_anew = 1", "'is_signed_anew' must be bool"),
        ("[of.lesson]", "[off.lesson]", "unknown key"),
    ],
)
def test_a_mistake_in_a_document_is_named(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    file = tmp_path / "delivery.toml"
    file.write_text(FILE.replace(before, after, 1))

    with pytest.raises(DocumentError) as mistake:
        decode_deliveries(file)

    assert problem in str(mistake.value)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_fact_of_deliveries_that_no_page_has_says_why_it_is_assumed(vendor: object) -> None:
    folder = Path(__file__).parents[2] / "emulator" / "vendors" / getattr(vendor, "name", "")

    deliveries = decode_deliveries(folder / "specs" / "delivery.toml")

    assert deliveries
    for each in deliveries.values():
        assert each.provenance.source
        assert "user_agent" in each.provenance.assumed
