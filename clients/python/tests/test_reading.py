"""What needs no gateway: the event stream's grammar, and what a Problem reads from an answer."""

import unittest
from email.message import Message

from tentaculo_link import Problem
from tentaculo_link.sse import read_blocks


class BlocksTest(unittest.TestCase):
    def test_reads_blocks_as_the_standard_says(self) -> None:
        text = b": comment\nid: 1\ndata: a\ndata:  b\r\n\nevent: done\ndata\n\nretry: 12\nid: 3\n\nid: 4\ndata: cut short"
        blocks = [(each.type, each.data, each.id, each.retry_ms) for each in read_blocks(text.splitlines(True))]
        self.assertEqual(
            blocks, [("message", "a\n b", "1", None), ("done", "", "1", None), ("message", None, "3", 12)]
        )

    def test_an_id_with_a_nul_and_a_retry_that_is_no_number_change_nothing(self) -> None:
        blocks = list(read_blocks([b"id: 7\n", b"\n", b"id: 8\0\n", b"retry: 1x\n", b"retry: \xc2\xb2\n", b"\n"]))
        self.assertEqual([(each.id, each.retry_ms) for each in blocks], [("7", None), ("7", None)])


class ProblemTest(unittest.TestCase):
    def _problem(self, retry_after: str, body: bytes = b"") -> Problem:
        headers = Message()
        headers["Retry-After"] = retry_after
        return Problem(503, headers, body)

    def test_when_to_come_back_is_seconds_a_date_or_unknown(self) -> None:
        self.assertEqual(self._problem("7").retry_after, 7)
        self.assertEqual(self._problem("Wed, 21 Oct 2015 07:28:00 GMT").retry_after, 0)
        for odd in ("soon", "-1", "nan", ""):
            self.assertIsNone(self._problem(odd).retry_after)

    def test_an_answer_that_is_no_object_still_has_a_code(self) -> None:
        for body in (b"", b"<html>", b"[1]", b"[" * 100_000, b"\xff"):
            problem = self._problem("1", body)
            self.assertEqual((problem.code, problem.body), ("http_503", {}))


if __name__ == "__main__":
    unittest.main()
