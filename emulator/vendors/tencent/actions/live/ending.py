"""Why a push ended, as event 0 tells it: a number, and a text that depends on the site."""

from collections.abc import Mapping

# The numbers are those of https://www.tencentcloud.com/document/product/267/38081, read 2026-11-21.
# Which of them a publication's end is, where the scene says nothing, is inferred.
BY_CLIENT, BY_REQUEST = 1, 21

# Observed in payloads that mainland accounts received, and in the tables that five of their
# receivers publish, read 2026-11-28.
_OBSERVED: Mapping[int, str] = {
    1: "recv rtmp deleteStream",
    2: "recv rtmp closeStream",
    3: "recv() return 0",
    4: "recv() return error",
    7: "rtmp message large than 1M",
    18: "push url maybe invalid",
    19: "3rdparty auth failed",
}
# No payload of this one is known. Assumed.
_INFERRED: Mapping[int, str] = {BY_REQUEST: "The push was stopped by request"}
# The sample of the international page; that the other texts are the mainland's there is assumed.
_INTERNATIONAL: Mapping[int, str] = {BY_CLIENT: "The push client actively stopped the push"}
_TEXTS: Mapping[str, Mapping[int, str]] = {
    "mainland": {**_INFERRED, **_OBSERVED},
    "intl": {**_INFERRED, **_OBSERVED, **_INTERNATIONAL},
}


def text(errcode: int, site: str) -> str:
    """Return the `errmsg` of a number; empty where none is known."""
    return _TEXTS[site].get(errcode, "")
