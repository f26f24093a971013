"""What the flows share: what came to the built-in receiver, waiting, and fetching a picture."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from PIL import Image

PATIENCE_SECONDS = 10
Found = TypeVar("Found")
# The emulator is on this machine, whatever proxy the environment names.
open_url = build_opener(ProxyHandler({})).open


class Row(NamedTuple):
    """What a flow saw; whatever is not as it should be, it raises."""

    task: str
    states: str
    callback: str
    result: str


class Received(NamedTuple):
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Place:
    """Where the emulator listens, and the folder for pictures."""

    endpoint: str
    folder: Path

    def callback_url(self, path: str) -> str:
        return f"http://{self.endpoint}/_emulator/sink/{path}"

    def received(self, path: str, is_meant: Callable[[Any], bool]) -> Received:
        """Return the first callback at a path whose body is meant, once it has come."""

        def look() -> Received | None:
            with open_url(self.callback_url(path), timeout=5) as answer:
                came = json.load(answer)["received"]
            for each in came:
                if each["body"] and is_meant(body := json.loads(each["body"])):
                    return Received(each["headers"], body)
            return None

        return wait_for(f"callback at {path}", look)

    def picture(self, url: str, kind: str, size: tuple[int, int]) -> str:
        """Fetch a picture, keep it, and return its path; it must decode as it was asked for."""
        with open_url(url, timeout=5) as answer:
            path = self.folder / Path(urlsplit(url).path).name
            path.write_bytes(answer.read())
        with Image.open(path) as image:
            image.load()
            require((image.format, image.size) == (kind, size), f"picture is {image.size}")
        return str(path)


def wait_for(what: str, look: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        require(time.monotonic() < deadline, f"no {what}")
        time.sleep(0.1)
    return found


def states_until(last: str, ask: Callable[[], str]) -> str:
    """Ask for a task's state until it is the last; return those seen, in order."""
    seen: list[str] = []

    def is_last() -> bool:
        if (state := ask()) not in seen:
            seen.append(state)
        return state == last

    wait_for(f"state {last}", is_last)
    return " > ".join(seen)


def require(holds: bool, problem: str) -> None:
    if not holds:
        raise RuntimeError(problem)
