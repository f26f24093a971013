"""A connection to a server at a URL, kept open."""

import http.client
import json
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Received:
    """What came back over the socket."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


def _is_over(line: socket.socket | None) -> bool:
    """Return whether the server ended it, being idle: then there is something to read, its end."""
    return line is not None and bool(select.select([line], [], [], 0)[0])


class Client:
    """Sends requests as they are, whatever `Host` they name, to one server."""

    def __init__(self, url: str) -> None:
        self.address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self.address, timeout=_TIMEOUT_SECONDS)

    def send(self, wire: Wire) -> Received:
        connection = self._connection
        if _is_over(connection.sock):
            connection.close()  # it opens again by itself
        connection.putrequest(wire.method, wire.target, skip_host=True, skip_accept_encoding=True)
        for name, value in wire.headers.items():
            connection.putheader(name, value)
        connection.putheader("content-length", str(len(wire.body)))
        connection.endheaders(wire.body)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Received(response.status, headers, response.read())

    def close(self) -> None:
        self._connection.close()
