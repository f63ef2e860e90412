"""One customer, from his row to the outcome."""

from tests.e2e.scene import Scene


def test_a_listener_is_called_once_and_hears_the_message(scene: Scene) -> None:
    (number,) = scene.customers("00")
    summary = scene.run()
    assert summary["outcomes"] == {"delivered": 1}
    assert [call.number for call in scene.calls()] == [number]
    assert scene.mismatches() == []
    (row,) = scene.rows("SELECT * FROM afiliados")
    assert row["outbound_call_is_sent"] == 1
    assert row["outbound_call_attempts"] == 1
    assert row["outbound_call_completed_at"] is not None
