"""Against a running gateway: GATEWAY_URL and GATEWAY_TOKEN name it, and a POST to RESTART_URL starts it anew."""

import os
import socket
import threading
import time
import unittest
import urllib.request
import uuid
from typing import Any, List

from tentaculo_link import Client, EventGap, Problem, Unreachable

URL = os.environ["GATEWAY_URL"]
TOKEN = os.environ["GATEWAY_TOKEN"]
RESTART_URL = os.environ["RESTART_URL"]


def restart_gateway(signal: str) -> None:
    request = urllib.request.Request(f"{RESTART_URL}/{signal}", method="POST")
    with urllib.request.urlopen(request) as answer:
        answer.read()


class Poster:
    """Posts numbered events of one source, each until the gateway has taken it."""

    def __init__(self) -> None:
        self.source = f"client-{uuid.uuid4()}"[:40]
        self.ids: List[float] = []
        self._client = Client(URL, TOKEN)

    def post(self, type: str = "client.test") -> None:
        number = len(self.ids)
        event: Any = {"source": self.source, "type": type, "payload": {"number": number}}
        key = f"{self.source}-{number}"
        while True:
            try:
                self.ids.append(self._client.ingest_event(body=event, idempotency_key=key)["stream_id"])
                return
            except (Unreachable, Problem):
                time.sleep(0.05)


class Follower(threading.Thread):
    """Reads a stream until it is closed, and keeps the numbers of a source."""

    def __init__(self, source: str, **options: Any) -> None:
        super().__init__(daemon=True)
        self.numbers: List[int] = []
        self.error: Any = None
        self._source = source
        self._changed = threading.Condition()
        self.stream = Client(URL, TOKEN).events(**options)
        self.start()

    def run(self) -> None:
        try:
            for event in self.stream:
                if event["source"] == self._source:
                    with self._changed:
                        self.numbers.append(event["payload"]["number"])
                        self._changed.notify_all()
        except Exception as error:
            self.error = error

    def wait_for(self, count: int) -> List[int]:
        with self._changed:
            self._changed.wait_for(lambda: len(self.numbers) >= count, timeout=90)
            return list(self.numbers)

    def end(self) -> None:
        self.stream.close()
        self.join(timeout=30)


class CallsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client(URL, TOKEN)

    def test_reads_what_the_document_lists(self) -> None:
        self.assertEqual(self.client.get_health()["status"], "ok")
        self.assertIn("madre", self.client.get_vx11_status()["modules"])
        self.assertTrue(self.client.get_metrics().startswith("# HELP"))
        self.assertEqual(self.client.get_module("madre")["name"], "madre")

    def test_parameters_travel_by_their_names(self) -> None:
        poster = Poster()
        for _ in range(3):
            poster.post("client.one,two")
            poster.post("client.other")
        page = self.client.list_events(type="client.other", limit=2, hours_back=1)
        self.assertEqual([each["stream_id"] for each in page["events"]], poster.ids[5:2:-2])

    def test_an_error_answer_is_a_problem_with_its_code(self) -> None:
        for token, status, code in ((None, 401, "auth_required"), ("wrong-token", 403, "forbidden")):
            with self.assertRaises(Problem) as caught:
                Client(URL, token).get_operator_status()
            self.assertEqual((caught.exception.status, caught.exception.code), (status, code))
            self.assertEqual(caught.exception.correlation_id, caught.exception.body["correlation_id"])

    def test_a_refused_body_names_what_is_wrong(self) -> None:
        event: Any = {"source": "", "type": "client.test", "payload": {}}
        with self.assertRaises(Problem) as caught:
            self.client.ingest_event(body=event)
        self.assertEqual(caught.exception.status, 422)
        self.assertEqual(caught.exception.body["detail"][0]["loc"][-1], "source")

    def test_a_refusal_says_when_to_come_back(self) -> None:
        session = f"session-{uuid.uuid4()}"
        with self.assertRaises(Problem) as caught:
            for _ in range(30):
                self.client.ask_chat(body={"message": "hello", "session_id": session})
        self.assertEqual(caught.exception.code, "too_many_requests")
        self.assertGreater(caught.exception.retry_after or 0, 0)

    def test_a_path_that_is_passed_on_is_asked_like_any_other(self) -> None:
        with self.assertRaises(Problem) as caught:
            self.client.request("GET", "/switch/health")
        self.assertEqual(caught.exception.code, "switch_unavailable")

    def test_no_answer_is_unreachable(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            with self.assertRaises(Unreachable):
                Client(url, timeout=0.2).get_health()
        with self.assertRaises(Unreachable):
            Client(url).get_health()

    def test_what_would_leave_its_place_in_the_path_is_not_sent(self) -> None:
        for name in ("", ".", ".."):
            with self.assertRaises(ValueError):
                self.client.get_module(name)
        with self.assertRaises(Problem) as caught:
            self.client.get_module("a/../b?c#d é")
        self.assertIn(caught.exception.status, (400, 404))

    def test_a_path_cannot_name_another_host(self) -> None:
        for path in (".example.com/", "@example.com/", ""):
            with self.assertRaises(ValueError):
                self.client.request("GET", path)

    def test_only_http_addresses(self) -> None:
        with self.assertRaises(ValueError):
            Client("file:///etc/hostname")

    def test_a_chat_streams(self) -> None:
        kinds = [block.type for block in self.client.stream_chat("hello")]
        self.assertEqual((kinds[0], kinds[-1]), ("start", "done"))


class EventsTest(unittest.TestCase):
    def test_no_event_is_lost_and_none_comes_twice_while_the_gateway_is_killed_and_stopped(self) -> None:
        poster = Poster()
        poster.post()
        follower = Follower(poster.source, since=int(poster.ids[0]) - 1)
        begun = follower.wait_for(1)
        self.assertEqual(begun, [0])
        for signal in ("SIGKILL", "SIGTERM"):
            ended = threading.Event()
            posting = threading.Thread(target=self._post_until, args=(poster, ended))
            posting.start()
            restart_gateway(signal)
            ended.set()
            posting.join()
            for _ in range(5):
                poster.post()
        count = len(poster.ids)
        self.assertEqual(follower.wait_for(count), list(range(count)))
        follower.end()
        self.assertFalse(follower.is_alive())
        self.assertIsNone(follower.error)
        self.assertGreaterEqual(follower.stream.position or 0, poster.ids[-1])

    def _post_until(self, poster: Poster, ended: threading.Event) -> None:
        while not ended.is_set():
            poster.post()
            time.sleep(0.02)

    def test_a_ticket_opens_the_stream_without_a_token(self) -> None:
        poster = Poster()
        poster.post()
        tickets: List[str] = []

        def ticket() -> str:
            tickets.append(Client(URL, TOKEN).create_sse_ticket()["sse_token"])
            return tickets[-1]

        with Client(URL) as client:
            event = next(iter(client.events(since=int(poster.ids[0]) - 1, ticket=ticket)))
        self.assertEqual((event["source"], len(tickets)), (poster.source, 1))

    def test_filters_choose(self) -> None:
        poster = Poster()
        for type in ("client.a", "client.b", "client.c"):
            poster.post(type)
        follower = Follower(poster.source, since=int(poster.ids[0]) - 1, type=["client.a", "client.c"])
        self.assertEqual(follower.wait_for(2), [0, 2])
        follower.end()

    def test_a_place_behind_the_end_is_a_gap(self) -> None:
        with self.assertRaises(EventGap) as caught:
            next(iter(Client(URL, TOKEN).events(since=10**12)))
        self.assertEqual(caught.exception.since, 10**12)
        self.assertLess(caught.exception.position, 10**12)
        gaps: List[EventGap] = []
        follower = Follower("nobody", since=10**12, on_gap=gaps.append)
        while not gaps:
            time.sleep(0.01)
        self.assertEqual(follower.stream.position, gaps[0].position)
        follower.end()

    def test_a_refusal_is_raised_and_the_closed_context_ends_the_loop(self) -> None:
        with self.assertRaises(Problem):
            next(iter(Client(URL, "wrong-token").events()))
        with Client(URL, TOKEN) as client:
            stream = client.events()
        self.assertEqual(list(stream), [])

    def test_gives_up_after_as_many_failures_as_allowed(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with self.assertRaises(Unreachable):
            next(iter(Client(url).events(retries=1)))


if __name__ == "__main__":
    unittest.main()
