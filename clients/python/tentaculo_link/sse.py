"""Reads server-sent events line by line (HTML standard, section 9.2.6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Iterator


@dataclass(frozen=True)
class Block:
    """One block of a stream. `id` is the last one that the stream told; a block without data moves only that."""

    type: str
    data: str | None
    id: str
    retry_ms: int | None = None

    def json(self) -> Any:
        return json.loads(self.data or "null")


def read_blocks(lines: Iterable[bytes]) -> Iterator[Block]:
    """Yields whole blocks; one that the connection cut short is left out, as the standard asks."""
    last_id, kind, retry_ms = "", "", None
    data: list[str] = []
    for raw in lines:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if line == "":
            yield Block(kind or "message", "\n".join(data) if data else None, last_id, retry_ms)
            kind, data, retry_ms = "", [], None
            continue
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            data.append(value)
        elif field == "event":
            kind = value
        elif field == "id" and "\0" not in value:
            last_id = value
        elif field == "retry" and value.isascii() and value.isdigit():
            retry_ms = int(value)
