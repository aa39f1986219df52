"""A hub on loopback: the few endpoints that pushing a data set calls, with one repository that it keeps.

It takes every file as an ordinary one; the hub would send large ones to its large-file storage, by a protocol
that this server does not speak.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple


class Asked(NamedTuple):
    """A request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def told(value: object, status: int = 200, **headers: str) -> Answer:
    """JSON; the headers with underscores for hyphens."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Answer(status, json.dumps(value).encode(), named)


class Hub:
    """`files` are those of the repository, None while there is none. `instead` answers what has its key in
    the path.
    """

    def __init__(self) -> None:
        self.url = ""
        self.files: dict[str, bytes] | None = None
        self.private = False
        self.commits: list[dict[str, str]] = []
        self.asked: list[Asked] = []
        self.instead: dict[str, Answer] = {}

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        for part, answer in self.instead.items():
            if part in asked.path:
                return answer
        if asked.path == "/api/repos/create":
            return self._create(json.loads(asked.body))
        if asked.path == "/api/validate-yaml":
            return told({"errors": [], "warnings": []})
        if "/preupload/" in asked.path:
            named = [{"path": file["path"]} for file in json.loads(asked.body)["files"]]
            return told(
                {"files": [{**file, "uploadMode": "regular", "shouldIgnore": False} for file in named]}
            )
        if "/commit/" in asked.path:
            return self._commit([json.loads(line) for line in asked.body.splitlines()])
        return self._info()

    def _create(self, wanted: dict[str, str]) -> Answer:
        repository = {"url": f"{self.url}/datasets/{wanted['organization']}/{wanted['name']}"}
        if self.files is not None:
            return told({**repository, "error": "You already created this dataset repo"}, 409)
        self.files, self.private = {".gitattributes": b""}, wanted.get("visibility") == "private"
        return told(repository)

    def _info(self) -> Answer:
        if self.files is None:
            return told({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")
        held = [{"rfilename": name} for name in self.files]
        return told(
            {"id": "owner/name", "sha": self._head(), "private": self.private, "siblings": held, "tags": []}
        )

    def _head(self) -> str:
        return f"{len(self.commits):040x}"

    def _commit(self, lines: list[dict[str, dict[str, str]]]) -> Answer:
        assert self.files is not None
        header = lines[0]["value"]
        if header["parentCommit"] != self._head():
            return told({"error": "A commit has happened since."}, 412)
        for line in lines[1:]:
            key, value = str(line["key"]), line["value"]
            if key == "deletedFile":
                del self.files[value["path"]]
            else:
                self.files[value["path"]] = base64.b64decode(value["content"])
        self.commits.append(header)
        url = f"{self.url}/datasets/owner/name/commit/{self._head()}"
        return told({"commitUrl": url, "commitOid": self._head()})


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = hub.answer(Asked(self.command, self.path, headers, body))
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
