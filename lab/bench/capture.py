"""Listens to what passes between the PBX and the carrier, with the kernel's own time stamps."""

import ctypes
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lab.bench.answer import Packet
from lab.errors import LabError
from lab.ports import CARRIER_SIP, PBX_SIP

_SO_TIMESTAMPNS = 35
_SO_ATTACH_FILTER = 26
_SO_RCVBUFFORCE = 33
_BUFFER_BYTES = 64 * 1024 * 1024
_PACKET_BYTES = 4096
_IP_HEADER_BYTES = 20
# Classic BPF: packets whose UDP source port (after the IP header) is the carrier's SIP port.
_FROM_SIP_PORT = (
    (0x28, 0, 0, _IP_HEADER_BYTES),
    (0x15, 0, 1, CARRIER_SIP.number),
    (0x06, 0, 0, 0xFFFF),
    (0x06, 0, 0, 0),
)


class Capture:
    """All RTP to the carrier, and the carrier's SIP messages; in the order of their arrival."""

    def __init__(self) -> None:
        """Nothing is heard before `listening`."""
        self.to_carrier: list[Packet] = []
        self.sip_from_carrier: list[Packet] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen while the block runs; raises LabError without the right to."""
        stop = threading.Event()
        with _raw() as media, _raw() as signalling:
            media.bind((CARRIER_SIP.host, 0))
            signalling.bind((PBX_SIP.host, 0))
            _attach(signalling)
            thread = threading.Thread(target=self._listen, args=(media, signalling, stop))
            thread.start()
            try:
                yield
            finally:
                stop.set()
                thread.join()

    def _listen(
        self, media: socket.socket, signalling: socket.socket, stop: threading.Event
    ) -> None:
        kept = {media: self.to_carrier, signalling: self.sip_from_carrier}
        while not stop.is_set():
            for ready in select.select(list(kept), [], [], 0.1)[0]:
                kept[ready].append(_receive(ready))


def _raw() -> socket.socket:
    try:
        opened = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
    except PermissionError as error:
        raise LabError("Listening to RTP needs root: run it with sudo.") from error
    opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
    opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    return opened


def _attach(to: socket.socket) -> None:
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *i) for i in _FROM_SIP_PORT))
    program = struct.pack("HP", len(_FROM_SIP_PORT), ctypes.addressof(code))
    to.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def _receive(ready: socket.socket) -> Packet:
    data, ancillary, _, _ = ready.recvmsg(_PACKET_BYTES, 64)
    seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
    udp = data[_IP_HEADER_BYTES:]
    return Packet(seconds + nanoseconds / 1e9, int.from_bytes(udp[2:4]), udp[8:])
