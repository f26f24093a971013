"""`python -m examples.classroom`: serve, with settings from the environment."""

import logging
import os
import threading
import time
from wsgiref.simple_server import make_server

from examples.classroom.lessons import Lessons, tiw_client
from examples.classroom.web import application

WORK_EVERY_SECONDS = 5


def main() -> None:
    url, key = os.environ["PUBLIC_URL"], os.environ["TIW_CALLBACK_KEY"]
    database = os.environ.get("DATABASE", "lessons.db")
    lessons = Lessons(tiw_client(os.environ), int(os.environ["TIW_SDK_APP_ID"]), database)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    server = make_server(host, port, application(lessons, url, key))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lessons.listen_at(f"{url}/callbacks/tiw", key)
    while True:
        try:
            lessons.work()
        except Exception:
            logging.exception("work goes on")
        time.sleep(WORK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
