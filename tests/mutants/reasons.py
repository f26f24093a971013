"""Why some mutants cannot be noticed: the survivors, by what their names have in them."""

from collections.abc import Mapping

_ELSEWHERE = "needs a key or an account other than the default one; tests/test_accounts.py has them"
_INTERNAL = "answers a mistake of our own, which no call can cause"
_NO_VOD = "storage type 1 is described but excluded, so that its settings never apply"
_UNSEEN = "the vendor's messages show no values, so that only the log keeps the secret"

REASONS: Mapping[str, str] = {
    "codes: KEY_DISABLED": _ELSEWHERE,
    "codes: TOKEN_MISSING": _ELSEWHERE,
    "codes: TOKEN_EXPIRED": _ELSEWHERE,
    "order: without ACCOUNT": _ELSEWHERE,
    "order: without RESOURCES": _ELSEWHERE,
    "codes: INTERNAL": _INTERNAL,
    "properties.VodConfig": _NO_VOD,
    "volcengine/specs/rtc/2023-11-01/StartSnapshot.toml: parameters.StorageConfig.properties."
    "CustomConfig.properties.AccessKey.secret": _UNSEEN,
    "volcengine/specs/rtc/2023-11-01/StartSnapshot.toml: parameters.StorageConfig.properties."
    "CustomConfig.properties.SecretKey.secret": _UNSEEN,
}


def reason(name: str) -> str:
    """Return why a mutant of this name survives, "" where nobody knows."""
    return next((why for part, why in REASONS.items() if part in name), "")
