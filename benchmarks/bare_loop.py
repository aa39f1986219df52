"""The least that can be done: a bare aiohttp loop that sends the requests of a run and reads the replies.

The baseline of `benchmarks.pipeline` and `benchmarks.throughput`, which run it as a command. Same servers,
same bodies, same number in flight; of several servers each gets an equal share. It verifies nothing, keeps
nothing, tries nothing again and knows no error but the first.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

Body = Mapping[str, object]


@dataclass(frozen=True)
class Read:
    """What was read: replies, the completion tokens that they tell of, seconds from the first request to the
    last reply.
    """

    replies: int
    completion_tokens: int
    seconds: float


async def send(session: aiohttp.ClientSession, url: str, waiting: Iterator[Body]) -> tuple[int, int]:
    """One request after the other until none waits. Returns how many replies it read, and their tokens."""
    replies = tokens = 0
    for body in waiting:
        async with session.post(f"{url}/chat/completions", json=body) as reply:
            reply.raise_for_status()
            answer = json.loads(await reply.read())
        replies += bool(answer["choices"])
        tokens += answer["usage"]["completion_tokens"]
    return replies, tokens


async def run(urls: Sequence[str], in_flight: int, waiting: Iterator[Body]) -> Read:
    connector, timeout = aiohttp.TCPConnector(limit=in_flight), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        started = time.perf_counter()
        sending = (send(session, urls[place % len(urls)], waiting) for place in range(in_flight))
        read = await asyncio.gather(*sending)
        seconds = time.perf_counter() - started
    return Read(sum(replies for replies, _ in read), sum(tokens for _, tokens in read), seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", nargs="+")
    parser.add_argument("--bodies", type=Path, required=True, help="JSON Lines: a request's body each")
    parser.add_argument("--in-flight", type=int, required=True)
    options = parser.parse_args()
    waiting = [json.loads(line) for line in options.bodies.read_text("utf-8").splitlines()]
    print(json.dumps(asdict(asyncio.run(run(options.url, options.in_flight, iter(waiting))))))


if __name__ == "__main__":
    main()
