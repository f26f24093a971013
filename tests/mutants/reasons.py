"""Why some mutants cannot be noticed: the survivors, by what their names have in them."""

from collections.abc import Mapping

_INTERNAL = "answers a mistake of our own, which no call can cause"
_LOGGED = (
    "no message shows the value, so that only the log keeps the secret: tests/spec/test_validate.py"
)
_VARIANT = "a variant that some official SDK signs: fixtures/*/signature and tests/sdk"
_MISSTATED = (
    "our signers sign what they state, so that a lie fails anyway: tests/vendors/test_tampering.py"
)
_ABSENT = "an empty text counts as not given, and is accepted: tests/spec/test_absence.py"
_HOST = "only who signs the vendor's host has it otherwise: tests/vendors/tampering/test_hosts.py"
_ORDER = "one violation has no order among others: tests/test_order_of_checks.py"

REASONS: Mapping[str, str] = {
    "codes: INTERNAL": _INTERNAL,
    "codes: NOT_PERMITTED": "only a rule causes it, permission-missing: tests/sdk/test_faults.py",
    "alibaba: order: without RESOURCES": "no error of ICE is of what is unknown or another's",
    # Specs.
    ".secret: dropped": _LOGGED,
    "CreateCallback.toml: parameters.URL.pattern": "what is no URL does not answer either",
    "ForbidLiveStream.toml: parameters.ResumeTime.pattern: longer": "rule 0 minds it too",
    "SubmitSnapshotJob.toml: rules.5.pattern": "rule 1 minds a line break too",
    "DescribeSnapshotTask.toml: codes.*": "no parameter has a limit that it could be for",
    "types.toml: SnapshotWhiteboard.properties.Width.minimum": "a uint64 is never less",
    "types.toml: SnapshotWhiteboard.properties.Height.minimum": "a uint64 is never less",
    "GetCustomTemplate.toml: parameters.TemplateId.minLength": _ABSENT,
    "UpdateCustomTemplate.toml: parameters.Name.minLength": _ABSENT,
    "UpdatePipeline.toml: parameters.Name.minLength": _ABSENT,
    # Signatures.
    "_v3_signatures: name == 'host' taken for True": _HOST,
    "_ways: 'host' in names": _HOST,
    "_ways: name == 'host'": _HOST,
    "_v3_signatures: name == 'host' taken for False": _VARIANT,
    "_v3_signatures: request.method == 'GET' taken for True": "nothing but a GET has a query here",
    "dotted != sent": _VARIANT,
    "_hosts: len(scope) > 1": _VARIANT,
    "_UNSIGNED_PAYLOAD": _VARIANT,
    "_payload_sha256: request.method == 'GET' taken for False": "no GET has a body here",
    "collapsed == as_sent": _VARIANT,
    "'X-Security-Token' not in listed": _VARIANT,
    "_header: name == 'host'": _VARIANT,
    "_header: port in": _VARIANT,
    "request.headers.get('x-acs-content-sha256', '') == payload taken for True": _MISSTATED,
    "stated == payload taken for True": _MISSTATED,
    "claim.timestamp[:8] != claim.scope.split('/')[0] taken for False": _MISSTATED,
    # Which of several violations is told of.
    "is_gateways: violation.keyword in _BY_KEYWORD": _ORDER,
    "_rank: violation.keyword": _ORDER,
    "blame: violation.keyword != 'type'": _ORDER,
}


def reason(name: str) -> str:
    """Return why a mutant of this name survives, "" where nobody knows."""
    return next((why for part, why in REASONS.items() if part in name), "")
