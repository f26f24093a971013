"""`python -m examples.moderation`: serve, with settings from the environment."""

import logging
import os
import threading
import time
from wsgiref.simple_server import make_server

from examples.moderation.settings import Settings, live_client, rtc_client
from examples.moderation.shows import Shows
from examples.moderation.web import application

WORK_EVERY_SECONDS = 5


def main() -> None:
    url, live_key = os.environ["PUBLIC_URL"], os.environ["LIVE_CALLBACK_KEY"]
    rtc_secret = os.environ["RTC_CALLBACK_SECRET"]
    database = os.environ.get("DATABASE", "moderation.db")
    live, rtc = live_client(os.environ), rtc_client(os.environ)
    shows = Shows(live, rtc, Settings.read(os.environ), database)
    served = application(shows, live_key, rtc_secret)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    server = make_server(host, port, served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shows.listen_at(f"{url}/callbacks/live", live_key, f"{url}/callbacks/rtc", rtc_secret)
    while True:
        try:
            shows.work()
        except Exception:
            logging.exception("work goes on")
        time.sleep(WORK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
