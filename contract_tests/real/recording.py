"""Answers of the real service in fixture files, redacted.

`fixtures/<vendor>/recorded/<Action>.toml` has one `[[answers]]` for each thing asked.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from contract_tests.drift.shape import Member

FOLDER = Path(__file__).parents[2] / "fixtures"
# What an error is made of, in every vendor's envelope; all else could say who asked.
_PLAIN = ("Code", "CodeN", "Action", "Version", "Service")
_ENVELOPES = ("Response", "ResponseMetadata", "Result", "Error")
# Whole numbers up to here are sizes, counts and modes; larger ones may be accounts or moments.
_LARGEST_PLAIN = 9_999
_LONG_NUMBER = re.compile(r"\d{5,}")
_ID = re.compile(r"(?=[\w-]*\d)[\w-]{12,}|[\w.+-]+@[\w.-]+|\d+(?:\.\d+){3}")


@dataclass(frozen=True)
class Recording:
    """One answer as it came, but for what could say who asked."""

    vendor: str
    product: str
    version: str
    action: str
    title: str
    recorded_on: date
    host: str
    method: str
    request: Mapping[str, Any]
    status: int
    response: Any

    @property
    def key(self) -> str:
        """Return how evidence names the action."""
        return f"{self.vendor}/{self.product}/{self.version}/{self.action}"

    @property
    def path(self) -> Path:
        return Path(self.vendor) / "recorded" / f"{self.action}.toml"

    def text(self) -> str:
        """Return the recording as a table of its file."""
        return "\n".join(
            [
                "[[answers]]",
                *(f"{name} = {json.dumps(getattr(self, name))}" for name in _TEXTS),
                f"recorded_on = {self.recorded_on}",
                f"status = {self.status}",
                f"request = '''\n{_pretty(self.request)}\n'''",
                f"response = '''\n{_pretty(self.response)}\n'''",
                "",
            ]
        )


_TEXTS = ("product", "version", "title", "host", "method")
_HEAD = "# Answers of the real service, redacted: x and 0 stand where they could say who asked.\n\n"


class PrivacyError(ValueError):
    """A recording would have held what must stay private."""


def write(folder: Path, recording: Recording, private: Sequence[str]) -> None:
    """Add a recording to its file, in the place of one with the same title.

    Raises `PrivacyError` where any of the `private` texts is in it.
    """
    text = recording.text()
    if any(secret and secret in text for secret in private):
        raise PrivacyError(f"{recording.path}: {recording.title}: holds something private")
    path = folder / recording.path
    others = [each for each in _read_file(path) if each.title != recording.title]
    kept = sorted([*others, recording], key=lambda each: each.title)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEAD + "\n".join(each.text() for each in kept), encoding="utf-8")


def read(folder: Path = FOLDER) -> Iterator[Recording]:
    """Yield every recording there is."""
    for path in sorted(folder.glob("*/recorded/*.toml")):
        yield from _read_file(path)


def _read_file(path: Path) -> Iterator[Recording]:
    if not path.exists():
        return
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["answers"]:
        texts = {name: json.loads(table.pop(name)) for name in ("request", "response")}
        yield Recording(vendor=path.parts[-3], action=path.stem, **texts, **table)


def redacted(answer: Any, members: Mapping[str, Member]) -> Any:
    """Return an answer with every text and number masked that could say who asked.

    Masks keep length and kind: letters become x, digits 0. Codes stay, and what `members` have
    one of few values for; of messages stays what is no id, address or long number.
    """
    if not isinstance(answer, dict):
        return _masked(answer)
    return {name: _redacted(name, value, members) for name, value in answer.items()}


def _redacted(name: str, value: Any, members: Mapping[str, Member]) -> Any:
    if name in _PLAIN:
        return value
    if name == "Message" and isinstance(value, str):
        return _LONG_NUMBER.sub(_mask, _ID.sub(_mask, value))
    if name in _ENVELOPES and isinstance(value, dict):
        return redacted(value, members)
    return _of_member(value, members.get(name))


def _of_member(value: Any, member: Member | None) -> Any:
    if member is None:
        return _masked(value)
    if isinstance(value, dict):
        return {name: _of_member(each, member.members.get(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_of_member(each, member.item) for each in value]
    return value if value in member.choices else _masked(value)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub(r"\w+", _mask, value)
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each) for each in value]
    if isinstance(value, int | float) and abs(value) > _LARGEST_PLAIN:
        return type(value)(10 ** (len(str(int(abs(value)))) - 1))
    return value


def _mask(found: "re.Match[str]") -> str:
    return "".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in found[0])


def _pretty(value: Any) -> str:
    """Return JSON text that a literal string of TOML can hold."""
    return json.dumps(value, indent=4, ensure_ascii=False).replace("'''", "\\u0027" * 3)
