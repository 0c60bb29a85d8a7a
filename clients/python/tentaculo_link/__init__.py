"""Client of Tentáculo Link, the gateway of VX11. Standard library only."""

from .client import Client
from .events import EventGap, EventStream
from .problem import Problem, Unreachable
from .sse import Block

__all__ = ["Block", "Client", "EventGap", "EventStream", "Problem", "Unreachable"]
