"""A server that vLLM's launcher can be tried on: it comes up slowly, has helpers, and ends in many ways.

Run as a program. Its helpers ignore SIGTERM; one is in its own process group, the other in a session of its
own and without its parent, as a daemon. All of them hold the FIFO of `--alive` open for writing, so that
whoever reads it knows when the last is gone.
"""

import argparse
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    """/health is 503 until it was asked `slow` times; /die ends the main process alone."""

    options: argparse.Namespace
    asked = 0

    def do_GET(self) -> None:
        if self.path == "/die":
            os._exit(3)
        Handler.asked += 1
        self.send_response(200 if Handler.asked > self.options.slow else 503)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
        self.wfile.flush()
        if self.options.short_lived and Handler.asked > self.options.slow:
            os._exit(4)

    def log_message(self, format: str, *args: object) -> None:
        pass


def helper(*, is_daemon: bool) -> None:
    if os.fork():
        return
    if is_daemon:
        os.setsid()
        if os.fork():
            os._exit(0)
    while True:
        signal.pause()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--slow", type=int, default=2)
    parser.add_argument("--alive")
    parser.add_argument("--fail", help="print this and end")
    parser.add_argument("--api-key")
    parser.add_argument("--short-lived", action="store_true")
    parser.add_argument("--gentle", action="store_true", help="the helpers heed SIGTERM")
    options = parser.parse_args()
    if options.fail is not None:
        sys.stdout.write(options.fail.encode().decode("unicode_escape"))
        sys.exit(7)
    if options.alive is not None:
        os.open(options.alive, os.O_WRONLY)
    signal.signal(signal.SIGTERM, signal.SIG_DFL if options.gentle else signal.SIG_IGN)
    helper(is_daemon=False)
    helper(is_daemon=True)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.stdout.write(f"life of {os.getpid()}\n")
    sys.stdout.flush()
    Handler.options = options
    HTTPServer((options.host, options.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
