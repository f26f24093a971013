"""The text of a refusal as it may be shown: what the vendor answered, without any secret."""

from collections.abc import Mapping

from emulator.engine import breach
from emulator.engine.masking import without_secrets
from emulator.engine.redaction import fit_to_show
from emulator.model.call import Call, Signed
from emulator.model.error import Refused
from emulator.model.vendor import Vendor

_UNSIGNED = Signed("", "", "")
LONGEST = 65_536


def shown(
    vendor: Vendor,
    call: Call,
    error: Refused,
    request_id: str = "",
    longest: int = LONGEST,
    language: str | None = None,
) -> str:
    """Return the text, with what was signed and what was sent as far as they may be shown.

    It is in the language of the call, unless another is wanted.
    """
    language = call.claim.language if language is None else language
    text = vendor.error(call.action, error).text(error.variant, language)
    facts = {"request_id": request_id, **error.facts, **_fit(vendor, call, error, longest)}
    return fit_to_show(text.format_map(facts), vendor, call)


def signed(vendor: Vendor, call: Call, error: Refused, longest: int = LONGEST) -> Signed:
    """Return what the server signed, fit to be shown; empty where it did not."""
    canonical, text = (str(error.facts.get(n, "")) for n in ("canonical_request", "string_to_sign"))
    if not text:
        return _UNSIGNED
    return without_secrets(vendor, call, Signed(canonical, text, ""), longest)


def _fit(vendor: Vendor, call: Call, error: Refused, longest: int) -> Mapping[str, object]:
    """Return those facts of an error that may have a secret in them, fit to be shown."""
    fit: dict[str, object] = {}
    if error.facts.get("string_to_sign"):
        ours = signed(vendor, call, error, longest)
        fit |= {
            "canonical_request": ours.canonical_request,
            "string_to_sign": ours.string_to_sign,
        }
    if "value" in error.facts:
        path = error.facts.get("path")
        blamed = next((each for each in error.violations if each.path == path), None)
        if blamed and blamed.keyword != "type":
            fit["value"] = breach.fit_value(call.action, blamed)
    return fit
