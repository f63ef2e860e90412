"""A TCP proxy before the PBX's AMI that can do what networks do: cut, reset, fall silent."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class AmiProxy:
    """Forwards to one address and remembers all that was sent there."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._answers_pass = asyncio.Event()
        self._answers_pass.set()
        self._clients: list[asyncio.StreamWriter] = []
        self._conversations: set[asyncio.Task[None]] = set()
        self.port = 0
        self.sent = b""
        """Everything that the client wrote, over all connections."""

    def hold_answers(self) -> None:
        """The PBX is heard no more, although the connection stays."""
        self._answers_pass.clear()

    def pass_answers(self) -> None:
        """Let answers through again."""
        self._answers_pass.set()

    def cut(self, *, reset: bool = False) -> None:
        """End all connections, with a FIN or with a RST."""
        for client in self._clients:
            if reset:
                client.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE
                )
            client.transport.abort() if reset else client.close()
        self._clients.clear()

    async def all_over(self) -> None:
        """Cut what is left and wait until nothing of it runs."""
        self.cut()
        await asyncio.gather(*self._conversations)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pbx_reader, pbx_writer = await asyncio.open_connection(*self._target)
        self._clients.append(writer)
        answers = asyncio.create_task(self._answers(pbx_reader, writer))
        if (conversation := asyncio.current_task()) is not None:
            self._conversations.add(conversation)
        try:
            while data := await reader.read(65_536):
                self.sent += data
                pbx_writer.write(data)
        except ConnectionError:
            pass
        finally:
            answers.cancel()
            pbx_writer.close()
            writer.close()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._answers_pass.wait()
            writer.write(data)
        writer.close()


@asynccontextmanager
async def ami_proxy(host: str, port: int) -> AsyncIterator[AmiProxy]:
    """A proxy on a free port of this host."""
    proxy = AmiProxy(host, port)
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.all_over()
