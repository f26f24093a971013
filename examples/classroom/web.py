"""The service over HTTP: lessons for the school, and callbacks from TIW."""

import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tencentcloud.common.exception import TencentCloudSDKException

from examples.classroom.lessons import Lessons

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Answer(NamedTuple):
    status: str
    content: object = ()


OK = Answer("200 OK")
FORBIDDEN = Answer("403 Forbidden")
NOT_FOUND = Answer("404 Not Found")
BUSY = Answer("503 Service Unavailable")


def application(
    lessons: Lessons, public_url: str, callback_key: str, now: Callable[[], float] = time.time
) -> "WSGIApplication":
    def answer(method: str, path: str, content: Any) -> Answer:
        match method, path.strip("/").split("/"):
            case "POST", ["lessons"]:
                lesson = lessons.begin(content["room"], content["recorder"], content["user_sig"])
                return Answer("201 Created", {"id": lesson})
            case "POST", ["lessons", lesson, "end"]:
                lessons.end(lesson, content["room"], f"{public_url}/callbacks/board")
                return Answer("202 Accepted")
            case "GET", ["lessons", lesson]:
                return Answer("200 OK", shown) if (shown := lessons.show(lesson)) else NOT_FOUND
            case "POST", ["callbacks", "tiw"]:
                if not is_verified(content, callback_key, now()):
                    return FORBIDDEN
                hear(lessons, content["EventType"], content["EventData"])
                return OK
            case "POST", ["callbacks", "board"]:
                # Not signed, hence not believed: it only says that it is time to look.
                lessons.look_soon(content["EventData"]["TaskID"])
                return OK
        return NOT_FOUND

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
        try:
            given = answer(
                environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(body or "{}")
            )
        except sqlite3.OperationalError:
            given = BUSY
        except TencentCloudSDKException as error:
            given = Answer("502 Bad Gateway", {"code": error.code, "message": error.message})
        start_response(given.status, [("Content-Type", "application/json")])
        return [json.dumps(given.content).encode()]

    return serve


def is_verified(event: Mapping[str, Any], key: str, now: float) -> bool:
    """Sign is md5(CallbackKey + ExpireTime), in hex; later than ExpireTime it does not count.

    https://www.tencentcloud.com/document/product/1176/55569
    """
    expires_at = event.get("ExpireTime", 0)
    expected = hashlib.md5(f"{key}{expires_at}".encode()).hexdigest()
    return hmac.compare_digest(expected, str(event.get("Sign"))) and now <= expires_at


def hear(lessons: Lessons, event: str, told: Mapping[str, Any]) -> None:
    if event in ("OnlineRecordFinished", "OfflineRecordFinished"):
        if error := told.get("Error"):
            lessons.settle(told["TaskId"], "failed", [error["Message"]])
        else:
            videos = [video["VideoUrl"] for video in told["VideoInfos"]]
            lessons.settle(told["TaskId"], "done", videos)
