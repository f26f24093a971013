"""`python -m examples.covers`: serve, with settings from the environment."""

import logging
import os
import threading
import time
from wsgiref.simple_server import make_server

from examples.covers.covers import Covers, ice_client
from examples.covers.web import application

WORK_EVERY_SECONDS = 1


def main() -> None:
    callback_url = f"{os.environ['PUBLIC_URL']}/callbacks/ice"
    key = os.environ["ICE_CALLBACK_KEY"]
    database = os.environ.get("DATABASE", "covers.db")
    covers = Covers(ice_client(os.environ), os.environ["OSS_BUCKET"], database)
    served = application(covers, callback_url, key)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    server = make_server(host, port, served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    covers.listen_at(callback_url, key)
    while True:
        try:
            covers.work()
        except Exception:
            logging.exception("work goes on")
        time.sleep(WORK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
