"""Nested calls: the receiver calls the emulator before it answers a callback."""

import http.client
import json
import queue
from collections import Counter
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.soak.caller import Caller
from tests.soak.traffic import ice, live, tiw
from tests.soak.traffic.shared import Shared

# An advance under way waits for this callback, and a second advance waits for the first.
_ADVANCE_PATIENCE_SECONDS = 1
_ADVANCES = 0.05


class Nested:
    """Calls the emulator from inside a callback; `advances` counts outcomes. Thread-safe."""

    def __init__(self, callers: list[Caller], shared: Shared, url: str, namespace: str) -> None:
        self._callers: queue.Queue[Caller] = queue.Queue()
        for caller in callers:
            self._callers.put(caller)
        self._shared = shared
        self._host = urlsplit(url).netloc
        self._path = f"/_emulator/namespaces/{namespace}/clock/advance"
        self.advances: Counter[str] = Counter()

    def __call__(self, path: str, content: Any, chance: Random) -> None:
        if path.startswith("/passing-"):
            return
        if chance.random() < _ADVANCES:
            self._advance()
            return
        caller = self._callers.get()
        try:
            if path.startswith("/snapshot-"):
                task_id = content["EventData"]["TaskID"]
                tiw.ask_snapshot(caller, task_id, self._shared.begun(path))
            else:
                chance.choice((live.list_rules, ice.show_fields, tiw.show_setting))(
                    caller, self._shared
                )
        finally:
            self._callers.put(caller)

    def _advance(self) -> None:
        """Advance the clock, and give up where another advance waits for this callback."""
        connection = http.client.HTTPConnection(self._host, timeout=_ADVANCE_PATIENCE_SECONDS)
        try:
            body = json.dumps({"seconds": 0})
            connection.request("POST", self._path, body, {"content-type": "application/json"})
            status = connection.getresponse().status
            self.advances["answered" if status == 200 else f"refused with {status}"] += 1
        except TimeoutError:
            self.advances["given up"] += 1
        finally:
            connection.close()
