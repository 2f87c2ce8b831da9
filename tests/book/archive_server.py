"""Wikimedia Commons and the Library of Congress on this machine, with faults.

Both interfaces as they are in 2026: thumbnails in a few widths, answers in
parts, HTML in fields, errors with the status 200, hosts that move.
"""

import gzip
import hashlib
import http.server
import io
import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import numpy as np
from PIL import Image

WIDTHS = {20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840}


def photograph(seed=0, *, color=False, size=(400, 320), format="JPEG"):
    """Make the bytes of a photograph, each seed another one."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (5, 4, 3 if color else 1), np.uint8)
    image = Image.fromarray(coarse if color else coarse[..., 0])
    file = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(file, format)
    return file.getvalue()


class ArchiveServer:
    """Offers photographs, and can be told to fail.

    `faults` holds, for a path ("/w/api.php", "/photos/", a file's), what
    goes wrong at its next requests, one after the other:

        a number    that HTTP status
        a pair      a status, and what Retry-After says
        "maxlag"    MediaWiki's error, with the status 200
        "cut"       half of the answer
        "page"      HTML in place of the answer
        "bomb"      an answer that grows when it is unpacked

    `moved` holds, for a path, where it is now: another path, or an address.
    `asked` collects paths, queries and headers.
    """

    def __init__(self):
        self.pages, self.results, self.items = [], [], {}
        self.files, self.moved = {}, {}
        self.faults = defaultdict(list)
        self.asked = []
        self.batch = 2
        self.url = ""

    @property
    def paths(self):
        """What was asked for, without queries."""
        return [path for path, _, _ in self.asked]

    def add_commons(
        self, name, data=None, *, categories=(), templates=(), **told
    ):
        """Offer a file on Commons; return its page to change."""
        data = data or photograph(len(self.pages))
        number = 100 + len(self.pages)
        sha1 = hashlib.sha1(data).hexdigest()
        self.files[f"/commons/{name}"] = data
        fields = {
            "LicenseShortName": "Public domain",
            "Artist": '<a href="//x">Kim</a>',
            "DateTimeOriginal": "1951-05-09"
            '<div style="display: none;">date QS:P571,+1951-05-09</div>',
            "ImageDescription": "<p>A street in <b>Seoul</b></p>",
        } | told
        page = {
            "pageid": number,
            "title": f"File:{name}",
            "imageinfo": [
                {
                    "url": f"{self.url}/commons/{name}",
                    "thumburl": f"{self.url}/commons/{name}?utm_source=x",
                    "descriptionurl": f"{self.url}/wiki/File:{name}",
                    "sha1": sha1,
                    "extmetadata": {n: {"value": v} for n, v in fields.items()},
                }
            ],
            "categories": [{"title": f"Category:{c}"} for c in categories],
            "templates": [{"title": f"Template:{t}"} for t in templates],
        }
        self.pages.append(page)
        return page

    def make_thumb(self, page, width, data=None):
        """Let a page's thumbnail be another file than its original."""
        info = page["imageinfo"][0]
        path = f"/thumb/{page['pageid']}/{width}px-x.jpg"
        self.files[path] = data or photograph(page["pageid"])
        info["thumburl"] = self.url + path

    def add_loc(self, identity, data=None, *, rights="", **told):
        """Offer a photograph of the Library of Congress."""
        data = data or photograph(1000 + len(self.results))
        self.files[f"/image/{identity}.jpg"] = data
        result = {
            "id": f"http://www.loc.gov/item/{identity}/",
            "title": "Street, Seoul",
            "date": "1951",
            "contributor": ["kim"],
            "image_url": [
                f"{self.url}/image/{identity}_150px.jpg#h=150&w=120",
                f"{self.url}/image/{identity}.jpg#h=400&w=320",
                f"{self.url}/image/{identity}.gif",
            ],
            "item": {"rights_advisory": [rights]} if rights else {},
        } | told
        self.results.append(result)
        return result

    def commons(self, query):
        """Answer as MediaWiki does: what `prop` names, and lists apart."""
        if int(query["iiurlwidth"]) not in WIDTHS:
            return 400, {}
        start = int(query.get("gcmcontinue") or query.get("gsroffset") or 0)
        lists = {"categories", "templates"}
        left_out = {"imageinfo", *lists} - set(query.get("prop", "").split("|"))
        pages = [
            {k: p[k] for k in p if k not in left_out}
            for p in self.pages[start : start + self.batch]
        ]
        if "clcontinue" not in query:
            first = [{k: p[k] for k in p if k not in lists} for p in pages]
            again = {"clcontinue": "1", "continue": "||"}
            if start:
                again["gcmcontinue"] = str(start)
            return 200, {"continue": again, "query": {"pages": first}}
        rest = [{k: p[k] for k in p if k != "imageinfo"} for p in pages]
        answer = {"batchcomplete": True, "query": {"pages": rest}}
        if start + self.batch < len(self.pages):
            following = str(start + self.batch)
            answer["continue"] = {"gcmcontinue": following, "continue": "-||"}
        return 200, answer

    def loc(self, query):
        """Answer a search, page by page."""
        start = (int(query["sp"]) - 1) * self.batch
        after = start + self.batch < len(self.results)
        return 200, {
            "results": self.results[start : start + self.batch],
            "pagination": {"next": "https://more" if after else None},
        }


@contextmanager
def serve():
    """Serve until the block ends."""
    offered = ArchiveServer()

    class Handler(_Handler):
        archives = offered

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        offered.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield offered
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    archives: ArchiveServer

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        archives, parts = self.archives, urlsplit(self.path)
        path = unquote(parts.path)
        query = {n: v[0] for n, v in parse_qs(parts.query).items()}
        archives.asked.append((path, query, dict(self.headers)))
        fault = (archives.faults[path] or [None]).pop(0)
        if isinstance(fault, int | tuple):
            status, later = fault if isinstance(fault, tuple) else (fault, None)
            self._send(status, b"no", later=later)
        elif path in archives.moved:
            self.send_response(302)
            self.send_header(
                "Location", urljoin(archives.url, archives.moved[path])
            )
            self.end_headers()
        elif fault == "page":
            self._send(200, b"<html>Are you a robot?</html>", kind="text/html")
        elif fault == "bomb":
            self._send(200, gzip.compress(bytes(40 << 20)), packed=True)
        elif path in archives.files:
            self._send(200, archives.files[path], cut=fault == "cut")
        elif fault == "maxlag":
            error = {"code": "maxlag", "info": "Waiting for a database"}
            self._json(200, {"error": error}, later="7")
        else:
            self._json(*self._answer(path, query), cut=fault == "cut")

    def _answer(self, path, query):
        if path == "/w/api.php":
            return self.archives.commons(query)
        if path == "/photos/":
            return self.archives.loc(query)
        if path in self.archives.items:
            return 200, {"item": self.archives.items[path]}
        return 404, {}

    def _json(self, status, data, **options):
        body = gzip.compress(json.dumps(data).encode())
        self._send(status, body, packed=True, **options)

    def _send(
        self, status, body, *, cut=False, packed=False, later=None, kind=None
    ):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind or "application/octet-stream")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if later:
            self.send_header("Retry-After", later)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
