"""A file sent from a tab, as a page's field for files does: beside the socket, to the session that the socket has."""

from __future__ import annotations

import urllib.error
import urllib.request
from uuid import uuid4

from tests.bench.tab import XSRF, Tab

TAKEN = (200, 204)  # the answers to a file that was taken


def upload(tab: Tab, text: bytes) -> int:
    """Send a file; the server's status."""
    mark = uuid4().hex
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}", "X-Xsrftoken": tab.cookies.get(XSRF, "")}
    head = 'Content-Disposition: form-data; name="file"; filename="hours.csv"\r\nContent-Type: text/csv'
    body = f"--{mark}\r\n{head}\r\n\r\n".encode() + text + f"\r\n--{mark}--\r\n".encode()
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in tab.cookies.items())}
    address = f"{tab.server}/_stcore/upload_file/{tab.session_id}/{uuid4()}"
    asked = urllib.request.Request(address, data=body, headers=kind | cookies, method="PUT")
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)
