"""One gateway and one token: every operation of its OpenAPI document, and its streams."""

from __future__ import annotations

import weakref
from typing import Any, Callable, Iterator, Sequence

from .events import EventGap, EventStream
from .operations import Operations
from .sse import Block, read_blocks
from .transport import lines_of


class Client(Operations):
    """Its operations are methods; a context manager, which ends the streams."""

    def __init__(self, url: str, token: str | None = None, *, timeout: float = 30.0) -> None:
        """`timeout` is how long the gateway may say nothing, in seconds."""
        super().__init__(url, token, timeout=timeout)
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the event streams that are still open."""
        for stream in list(self._streams):
            stream.close()

    def stream_chat(self, message: str, **fields: Any) -> Iterator[Block]:
        """The blocks of one streamed answer: start, reasoning, token, usage, done or error."""
        headers = {"accept": "text/event-stream"}
        body = {"message": message, "stream": True, **fields}
        with self._transport.open(
            "POST", "/operator/api/chat", body=body, headers=headers, timeout=self._timeout
        ) as answer:
            for block in read_blocks(lines_of(answer)):
                if block.data is not None:
                    yield block

    def events(
        self,
        *,
        type: str | Sequence[str] | None = None,
        severity: str | Sequence[str] | None = None,
        module: str | None = None,
        correlation_id: str | None = None,
        since: int | None = None,
        ticket: Callable[[], str] | None = None,
        retries: int | None = None,
        on_gap: Callable[[EventGap], None] | None = None,
    ) -> EventStream:
        """
        Follows the stream of events until it is closed: from the next one, or after `since`. A connection that ends is
        opened again after the last event. Raises Problem where the gateway refuses, and what failed last after
        `retries` failures in a row. `ticket` makes the ticket of each connection, where there is no token.
        """
        filters = {"type": type, "severity": severity, "module": module, "correlation_id": correlation_id}
        stream = EventStream(
            self._transport, filters, since=since, ticket=ticket, retries=retries, on_gap=on_gap
        )
        self._streams.add(stream)
        return stream
