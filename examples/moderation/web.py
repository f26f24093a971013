"""The service over HTTP: pictures for those who look at them, and callbacks of Live and RTC."""

import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from examples.moderation.shows import Shows

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STREAM_ENDED, STREAM_BEGAN, PICTURE_TAKEN = 0, 1, 200
RTC_SIGNED = ("EventType", "EventData", "EventTime", "EventId", "Version", "AppId", "Nonce")


def application(
    shows: Shows, live_key: str, rtc_secret: str, now: Callable[[], float] = time.time
) -> "WSGIApplication":
    def answer(method: str, path: str, content: Any) -> tuple[str, object]:
        match method, path:
            case "GET", "/review":
                return "200 OK", shows.unseen()
            case "POST", "/review":
                shows.judge(content["url"], content["is_good"])
            case "GET", "/callbacks/rtc":  # RTC asks whether anybody is there
                pass
            case "POST", "/callbacks/live":
                if not is_lives(content, live_key, now()):
                    return "403 Forbidden", "signature"
                hear_live(shows, content)
            case "POST", "/callbacks/rtc":
                if not is_rtcs(content, rtc_secret):
                    return "403 Forbidden", "signature"
                hear_rtc(shows, content)
            case _:
                return "404 Not Found", path
        return "200 OK", {"code": 0}

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
        given = json.loads(body or b"{}")
        try:
            status, content = answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], given)
        except sqlite3.OperationalError as error:
            status, content = "503 Service Unavailable", str(error)
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(content).encode()]

    return serve


def is_lives(event: Mapping[str, Any], key: str, now: float) -> bool:
    """The sign is md5(key + t), in hex; later than t it does not count.

    https://www.tencentcloud.com/document/product/267/38080
    """
    expected = hashlib.md5(f"{key}{event.get('t')}".encode()).hexdigest()
    return hmac.compare_digest(expected, str(event.get("sign"))) and now <= event["t"]


def is_rtcs(event: Mapping[str, Any], secret: str) -> bool:
    """Signature is the SHA-256 of seven members and the secret, sorted and joined, in hex.

    https://www.volcengine.com/docs/6348/69820
    """
    texts = sorted([*(str(event.get(name)) for name in RTC_SIGNED), secret])
    expected = hashlib.sha256("".join(texts).encode()).hexdigest()
    return hmac.compare_digest(expected, str(event.get("Signature")))


def hear_live(shows: Shows, event: Mapping[str, Any]) -> None:
    kind, stream = event["event_type"], event["stream_id"]
    if kind == STREAM_BEGAN:
        shows.began(stream, event["sequence"])
    elif kind == STREAM_ENDED:
        shows.ended(stream, event["sequence"])
    elif kind == PICTURE_TAKEN:
        shows.took(stream, event["pic_full_url"])


def hear_rtc(shows: Shows, event: Mapping[str, Any]) -> None:
    if event["EventType"] == "SnapshotRealTimeData":
        told = json.loads(event["EventData"])
        shows.took(told["RoomId"], told["Url"])
