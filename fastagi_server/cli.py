"""``fastagi-server``: serve calls, or ask whether a server does."""

import ipaddress
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from campaign.clock import SystemClock
from campaign.errors import OverdueError
from campaign.settings import server_settings
from campaign.store import open_store
from fastagi_server import check, worker
from fastagi_server.recorder import THREADS, Recorder
from fastagi_server.server import listen
from fastagi_server.service import Service
from fastagi_server.service_manager import ServiceManager
from fastagi_server.supervisor import Supervisor

logger = logging.getLogger(__name__)

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Literal address.")
PORT = click.option("--port", default=4573, show_default=True, type=click.IntRange(1, 65535))


class ListenError(OverdueError):
    """The address cannot be listened on."""


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OverdueError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
def main() -> None:
    """Play the prompts of answered calls and record how calls end."""


@main.command()
@HOST
@PORT
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--max-sessions",
    default=400,
    show_default=True,
    type=click.IntRange(1),
    help="Calls at once in each worker; more are left to the dialplan's fallback.",
)
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
)
@click.option("--log-file", type=click.Path(dir_okay=False, path_type=Path), help="Else stderr.")
def serve(
    host: str, port: int, workers: int, max_sessions: int, log_level: str, log_file: Path | None
) -> None:
    """Serve until SIGTERM or Ctrl-C; a second one does not wait for running calls."""
    settings, secret = server_settings(os.environ)
    _log_to(log_file, log_level)
    if not _is_loopback(host):
        logger.warning(
            "event=not_loopback host=%s AGI has neither password nor encryption, and a network that"
            " fails leaves customers' lines up: run the server on the PBX's own host",
            host,
        )
    try:
        listener = listen(host, port)
    except OSError as error:
        raise ListenError(
            f"Cannot listen on {host}:{port} ({error.strerror}); stop what uses it or give another"
            " --host or --port."
        ) from error

    def open_service() -> Service:
        store = open_store(settings, connections=THREADS, lock_wait_seconds=1)
        recorder = Recorder(store.calls, store.wishes, threads=THREADS)
        return Service(recorder, store.inbound, SystemClock(), secret)

    logger.info("event=serving host=%s port=%d workers=%d", host, port, workers)
    Supervisor(
        listener,
        lambda listener, heartbeat: worker.run(listener, heartbeat, open_service, max_sessions),
        workers,
        ServiceManager(os.environ),
    ).run()


@main.command()
@HOST
@PORT
@click.option("--seconds", default=2.0, show_default=True, help="How long an answer may take.")
def health(host: str, port: int, seconds: float) -> None:
    """Ask a running server; exit code 0 when it can record calls, else 1."""
    answer = check.health(host, port, seconds)
    click.echo(answer)
    if answer != check.OK:
        sys.exit(1)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log_to(file: Path | None, level: str) -> None:
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%FT%T")
    formatter.converter = time.gmtime
    handler = logging.FileHandler(file) if file else logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler])
