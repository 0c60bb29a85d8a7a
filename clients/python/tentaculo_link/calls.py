"""One request and its answer as a value: what every operation is made of."""

from __future__ import annotations

from typing import Any, Mapping
from urllib.parse import quote

from .transport import Transport, value_of


class Calls:
    """Raises Problem for an error answer, and Unreachable where none came. Threads may share one."""

    def __init__(self, url: str, token: str | None = None, *, timeout: float = 30.0) -> None:
        """`timeout` is how long the gateway may say nothing, in seconds."""
        self._transport = Transport(url, token)
        self._timeout = timeout

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Any:
        """Any path, so also those that are passed on to shub, madre and switch. JSON comes as Python values."""
        sent = {"accept": "application/json", **(headers or {})}
        with self._transport.open(method, path, query=query, body=body, headers=sent, timeout=self._timeout) as answer:
            return value_of(answer)


def segment(value: str) -> str:
    """As it can stand in a path, and nowhere else."""
    if value in ("", ".", ".."):
        raise ValueError(f"{value!r} cannot stand in a path")
    return quote(value, safe="")
