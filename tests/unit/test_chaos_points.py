from collections.abc import Callable

import pytest

from lab.chaos.plan import Point
from lab.chaos.points import Agi, Ami, Conversation, Sql

ORIGINATE = (
    b"Action: Originate\r\nActionID: 01M8\r\nChannelId: 01M8\r\nChannel: PJSIP/3@t\r\n"
    b"Context: overdue-answered\r\nExten: s\r\nAsync: true\r\nVariable: A=b\r\n\r\n"
)
ACK = b"Response: Success\r\nActionID: 01M8\r\nMessage: Originate successfully queued\r\n\r\n"
PING = b"Action: Ping\r\nActionID: 77\r\n\r\n"
INSERT = b"INSERT INTO overdue_attempt (id, run_id)\nVALUES ('01M8', '01M7')"
END = b"UPDATE overdue_attempt\nSET state = 'ended', outcome = 'busy'\nWHERE id = '01M8'"
OK = b"\x07\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00"


def query(text: bytes) -> bytes:
    return (len(text) + 1).to_bytes(3, "little") + b"\x00\x03" + text


def in_pieces(data: bytes, hear: Callable[[bytes], list[Point]]) -> list[Point]:
    """One byte at a time: TCP may cut anywhere."""
    return [point for byte in data for point in hear(bytes([byte]))]


def test_commit_of_the_claim_is_seen_before_it_passes() -> None:
    sql = Sql()
    assert sql.asked(query(b"BEGIN") + query(INSERT)) == []
    assert sql.asked(query(b"SELECT 1")) == []
    assert sql.asked(query(b"COMMIT")) == [Point.CLAIM_COMMIT]
    assert sql.answered(OK) == []
    assert sql.asked(query(b"COMMIT")) == []


def test_commit_of_the_end_and_its_answer() -> None:
    sql = Sql()
    assert in_pieces(query(END), sql.asked) == []
    assert sql.answered(OK) == []
    assert in_pieces(query(b"COMMIT"), sql.asked) == [Point.END_COMMIT]
    assert sql.answered(OK) == [Point.END_COMMITTED]
    assert sql.answered(OK) == []


@pytest.mark.parametrize(
    "text",
    [
        b"INSERT INTO overdue_attempt_note (attempt_id) VALUES ('01M8')",
        b"UPDATE overdue_attempt SET state = 'dialing' WHERE id = '01M8'",
    ],
)
def test_other_transactions_are_no_point(text: bytes) -> None:
    assert Sql().asked(query(text) + query(b"COMMIT")) == []


def test_a_transaction_that_was_rolled_back_is_no_point() -> None:
    assert Sql().asked(query(INSERT) + query(b"ROLLBACK") + query(b"COMMIT")) == []


def test_the_login_of_a_connection_is_no_statement() -> None:
    login = (6).to_bytes(3, "little") + b"\x01\x03COMMI"
    assert Sql().asked(login + query(INSERT) + query(b"COMMIT")) == [Point.CLAIM_COMMIT]


@pytest.mark.parametrize("way", ["at once", "in pieces"])
def test_originate_and_its_acknowledgement(way: str) -> None:
    ami = Ami()

    def hear(data: bytes, by: Callable[[bytes], list[Point]]) -> list[Point]:
        return by(data) if way == "at once" else in_pieces(data, by)

    assert hear(PING + ORIGINATE, ami.asked) == [Point.WIRE]
    assert hear(b"Response: Success\r\nActionID: 77\r\n\r\n", ami.answered) == []
    assert hear(b"Event: Hangup\r\nActionID: 01M8\r\n\r\n", ami.answered) == []
    assert hear(ACK, ami.answered) == [Point.ACKNOWLEDGEMENT]
    assert hear(ACK, ami.answered) == []


def test_the_probe_is_no_call() -> None:
    assert Ami().asked(ORIGINATE.replace(b"overdue-answered", b"overdue-probe")) == []


@pytest.mark.parametrize(("moment", "points"), [("ended", [Point.END_REPORT]), ("answered", [])])
def test_report_of_the_end(moment: str, points: list[Point]) -> None:
    head = f"agi_network: yes\nagi_network_script: {moment}\nagi_uniqueid: 01M8\n\n".encode()
    assert in_pieces(head, Agi().asked) == points


def test_what_follows_the_head_of_a_session_is_no_report() -> None:
    agi: Conversation = Agi()
    assert agi.asked(b"agi_network_script: answered\n\n") == []
    assert agi.asked(b"agi_network_script: ended\n\n") == []
    assert agi.answered(b"agi_network_script: ended\n\n") == []
