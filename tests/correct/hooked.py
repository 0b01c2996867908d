"""The reference driven by webhooks, with a poll behind: `python hooked.py`, in mode poll.

What the shop tells is only a hint to look now: messages may be lost, come twice, late or in any
order, and whoever is not known by the signature is not listened to.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "reference" / "src"))

from tallystick_reference import GaveUp, connect

POLL_S = float(os.environ.get("HOOKED_POLL_SECONDS", "0.4"))


class Ear(BaseHTTPRequestHandler):
    """Takes messages."""

    news = threading.Event()
    token = ""

    def signed(self, body):
        """Give what the signature is made of."""
        return body

    def heard(self, message):
        """Take in one message; nothing of it matters here but that it came."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = hmac.new(self.token.encode(), self.signed(body), hashlib.sha256).hexdigest()
        known = hmac.compare_digest(signature, self.headers.get("Webhook-Signature", ""))
        if known:
            self.heard(json.loads(body))
            self.news.set()
        self.send_response(204 if known else 401)
        self.end_headers()

    def log_message(self, *_):
        """Tell nobody."""


def register(side, url):
    """Ask one system to tell of its types; give whether it will."""
    dataflow = json.loads(Path(os.environ["TALLYSTICK_DATAFLOW"]).read_text())
    if dataflow[side]["api"] != "storefront/1":
        return
    types = [kind["path"] for kind in dataflow["types"][side].values()]
    base = urlsplit(os.environ[f"TALLYSTICK_{side.upper()}_URL"])
    token = os.environ[f"TALLYSTICK_{side.upper()}_TOKEN"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    link = http.client.HTTPConnection(base.netloc, timeout=5)
    try:
        link.request("POST", "/webhooks", json.dumps({"url": url, "types": types}), headers)
        link.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass  # then there is the poll
    finally:
        link.close()


def sync_when_told(connector, ear, *, poll_s, pause_s):
    """Sync whenever the shop tells of something, and when it told of nothing for `poll_s`."""
    ear.token = os.environ["TALLYSTICK_SOURCE_TOKEN"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    register("source", f"http://127.0.0.1:{server.server_port}/news")
    while True:
        ear.news.clear()
        try:
            connector.sync()
        except GaveUp:
            time.sleep(pause_s)
        ear.news.wait(poll_s)


def main():
    connector = connect(os.environ, now=time.time, sleep=time.sleep)
    sync_when_told(connector, Ear, poll_s=POLL_S, pause_s=0.05)


if __name__ == "__main__":
    main()
