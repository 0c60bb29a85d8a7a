"""The stream of events, over as many connections as it takes: none is lost, none comes twice."""

from __future__ import annotations

import http.client
import random
import socket
import threading
from typing import TYPE_CHECKING, Any, Callable, Generator, Iterator, Mapping

from .problem import Problem, Unreachable
from .sse import Block, read_blocks
from .transport import Transport, lines_of

if TYPE_CHECKING:
    from .shapes import ListEventsAnswerEventsItem as Event

# In seconds. The gateway sends something every 15 s: after 40 without a byte the line is dead.
_FIRST_PAUSE, _LONGEST_PAUSE, _SILENCE = 0.5, 30.0, 40.0

# What another try may mend.
_PASSING = (408, 425, 429)


class EventGap(Exception):
    """The gateway's stream is behind the place to resume from, as after a restored backup: events are missing."""

    def __init__(self, since: int, position: int) -> None:
        super().__init__(f"the stream ends at {position}, before {since}")
        self.since = since
        self.position = position


class EventStream:
    """Iterate over it, in one thread. `position` is the place of the last event that was handed out, or skipped."""

    def __init__(
        self,
        transport: Transport,
        filters: Mapping[str, Any],
        *,
        since: int | None,
        ticket: Callable[[], str] | None,
        retries: int | None,
        on_gap: Callable[[EventGap], None] | None,
    ) -> None:
        self.position = since
        self._transport = transport
        self._filters = filters
        self._ticket = ticket
        self._retries = retries
        self._on_gap = on_gap
        self._failures = 0
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._answer: http.client.HTTPResponse | None = None

    def __iter__(self) -> Iterator[Event]:
        least = 0.0
        while not self._closed.is_set():
            try:
                least = yield from self._connection()
            except Unreachable as error:
                self._failed(error)
                least = 0.0
            except Problem as problem:
                if not _passes(problem):
                    raise
                self._failed(problem)
                least = problem.retry_after or 0.0
            self._closed.wait(max(least, self._pause()))

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the loop; any thread may call it."""
        with self._lock:
            self._closed.set()
            if self._answer is not None:
                _hang_up(self._answer)

    def _connection(self) -> Generator[Event, None, float]:
        """Yields the events of one; returns the seconds that the gateway asks to wait before the next."""
        with self._open() as answer:
            with self._lock:
                if self._closed.is_set():
                    return 0.0
                self._answer = answer
            try:
                return (yield from self._blocks(answer))
            finally:
                with self._lock:
                    self._answer = None

    def _blocks(self, answer: http.client.HTTPResponse) -> Generator[Event, None, float]:
        least, begun = 0.0, False
        for block in read_blocks(lines_of(answer)):
            if self._closed.is_set():
                break
            if block.type == "error":
                raise Unreachable(f"the stream ended: {block.data}")
            if block.type == "shutdown" and block.retry_ms is not None:
                least = block.retry_ms / 1000
            if begun:
                self._failures = 0
            yield from self._events(block, begun)
            begun = True
        return least

    def _events(self, block: Block, begun: bool) -> Iterator[Event]:
        if block.type == "message" and block.data is not None:
            for event in block.json()["events"]:
                if self.position is None or event["stream_id"] > self.position:
                    self.position = event["stream_id"]
                    yield event
        if block.id.isdigit():
            self._move_to(int(block.id), begun)

    def _move_to(self, place: int, begun: bool) -> None:
        """The first block of a connection tells where it begins: before the asked place only where that is gone."""
        since, self.position = self.position, max(self.position or 0, place) if begun else place
        if begun or since is None or place >= since:
            return
        gap = EventGap(since, place)
        if self._on_gap is None:
            raise gap
        self._on_gap(gap)

    def _open(self) -> http.client.HTTPResponse:
        headers = {"accept": "text/event-stream"}
        if self.position is not None:
            headers["last-event-id"] = str(self.position)
        query = {**self._filters, "token": self._ticket() if self._ticket else None}
        bare = self._ticket is not None
        path = "/operator/api/events/stream"
        return self._transport.open("GET", path, query=query, headers=headers, timeout=_SILENCE, bare=bare)

    def _failed(self, error: Exception) -> None:
        if self._closed.is_set():
            return
        self._failures += 1
        if self._retries is not None and self._failures > self._retries:
            raise error

    def _pause(self) -> float:
        """Doubles with each failure in a row; half of it is chance, so that readers do not return all at once."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        return longest * (0.5 + random.random() / 2)


def _passes(problem: Problem) -> bool:
    if problem.code == "feature_disabled":
        return False
    return problem.status >= 500 or problem.status in _PASSING


def _hang_up(answer: http.client.HTTPResponse) -> None:
    """Wakes the thread that reads: to close the answer would wait for it."""
    connection = socket.socket(fileno=answer.fileno())
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        connection.detach()
