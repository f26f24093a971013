"""The service over HTTP: videos and covers for the site, and callbacks of ICE."""

import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from examples.covers.covers import Covers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_AGE_SECONDS = 300


class Answer(NamedTuple):
    status: str
    body: bytes = b""
    kind: str = "text/plain"


def application(
    covers: Covers, callback_url: str, key: str, now: Callable[[], float] = time.time
) -> "WSGIApplication":
    def answer(method: str, path: str, content: Any, signature: "Signature") -> Answer:
        match method, path.strip("/").split("/"):
            case "POST", ["videos"]:
                covers.want(content["video"], content["media"])
                return Answer("202 Accepted")
            case "GET", ["videos", video] if shown := covers.show(video):
                return Answer("200 OK", json.dumps(shown).encode(), "application/json")
            case "GET", ["videos", video, "cover"] if picture := covers.picture(video):
                return Answer("200 OK", picture, "image/jpeg")
            case "POST", ["callbacks", "ice"]:
                if not signature.is_right(callback_url, key, now()):
                    return Answer("403 Forbidden")
                covers.look_soon(content["MessageBody"]["JobId"])
                return Answer("200 OK")
        return Answer("404 Not Found")

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
        signature = Signature(
            environ.get("HTTP_X_ICE_TIMESTAMP", ""), environ.get("HTTP_X_ICE_SIGNATURE", "")
        )
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        try:
            given = answer(method, path, json.loads(body or b"{}"), signature)
        except sqlite3.OperationalError:
            given = Answer("503 Service Unavailable")
        start_response(given.status, [("Content-Type", given.kind)])
        return [given.body]

    return serve


class Signature(NamedTuple):
    timestamp: str
    digest: str

    def is_right(self, url: str, key: str, now: float) -> bool:
        """It is md5(URL|timestamp|key), in hex, of the URL that was set; not older than 5 minutes.

        https://www.alibabacloud.com/help/en/ims/user-guide/callback-authentication
        """
        expected = hashlib.md5(f"{url}|{self.timestamp}|{key}".encode()).hexdigest()
        is_ours = hmac.compare_digest(expected, self.digest)
        return is_ours and now - int(self.timestamp) <= MAX_AGE_SECONDS
