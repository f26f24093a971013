"""Kinds of templates: the numbers and names of their types and subtypes.

Source: https://help.aliyun.com/document_detail/448291.html and the models of the SDK
alibabacloud_ice20201109 6.20.2, read 2026-11-21.
"""

from collections.abc import Mapping, Sequence
from typing import Any

SNAPSHOT = 2

# Documented are the first two; the others are formed after them (inferred).
TYPE_NAMES: Mapping[int, str] = {
    1: "TranscodeTemplate",
    2: "SnapshotTemplate",
    3: "AnimationTemplate",
    4: "ImageWatermarkTemplate",
    5: "TextWatermarkTemplate",
    6: "SubtitleTemplate",
    7: "AIMediaAuditTemplate",
    8: "AICoverTemplate",
    9: "AIEraseTemplate",
    10: "AIDnaTemplate",
    11: "AITagTemplate",
}

# Numbered from 1; the types that are not here have none.
_SUBTYPES: Mapping[int, Sequence[str]] = {
    1: ("Normal", "AudioTranscode", "Remux", "NarrowBandV1", "NarrowBandV2"),
    2: ("Normal", "Sprite", "WebVtt"),
    7: ("Video", "Audio", "Image"),
    9: ("VideoDelogo", "VideoDetext"),
}


def subtype_of(kind: int, subtype: int | None, config: Mapping[str, Any]) -> int | None:
    """Return the subtype a template gets; left out it is what the configuration says, else 1.

    What a type without any is given is ignored.
    """
    names = _SUBTYPES.get(kind)
    if names is None:
        return None
    if subtype is not None:
        return subtype
    name = config.get("Type")
    return names.index(name) + 1 if name in names else 1


def subtype_name(kind: int, subtype: int | None) -> str:
    return _SUBTYPES[kind][subtype - 1] if subtype else ""
