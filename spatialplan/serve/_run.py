"""A server that listens on this machine alone, until it is stopped."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import TYPE_CHECKING

import uvicorn

from spatialplan.errors import BusyError
from spatialplan.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

HOST = "127.0.0.1"


def run_app(
    make: Callable[[], FastAPI], *, port: int, ready: Callable[[str], None] = lambda _: None
) -> None:
    """
    Serve an app on 127.0.0.1 until Ctrl-C.

    Parameters
    ----------
    make
        Makes the app, once the port is ours.
    port
        Port to listen on; 0 takes any that is free.
    ready
        Called with the address when questions are answered.

    Raises
    ------
    BusyError
        If another program listens on this port.
    OutputError
        If it may not be listened on.
    """
    with contextlib.closing(_listening(port)) as listener:
        app = make()
        ready(f"http://{HOST}:{listener.getsockname()[1]}/")
        config = uvicorn.Config(
            app,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=64,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
        )
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            uvicorn.Server(config).run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BusyError(f"--port {port}: another program listens there; "
                            "name another, or 0 for any that is free") from error  # fmt: skip
        raise OutputError(f"--port {port}: {error.strerror}") from error
