import socket

import pytest

from lab.errors import LabError
from lab.ports import Port


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_port_in_use_is_named_with_its_purpose(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        port = Port("127.0.0.1", other.getsockname()[1], kind, "AMI of the PBX")
        with pytest.raises(LabError, match="is in use by another program") as raised:
            port.check_free()
        assert f"{port} (AMI of the PBX)" in str(raised.value)
    port.check_free()


def test_address_that_the_machine_has_not() -> None:
    port = Port("192.0.2.1", 5060, socket.SOCK_DGRAM, "SIP of the carrier")
    with pytest.raises(LabError, match=r"192\.0\.2\.1:5060/udp .* cannot be used"):
        port.check_free()
