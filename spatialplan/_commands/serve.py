"""A prepared area in, a page that answers clicks out."""

from __future__ import annotations

import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

from spatialplan.base import read_base
from spatialplan.serve import create_app
from spatialplan.serve import run_app
from spatialplan.standard import list_standards
from spatialplan.standard import read_standard

from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    from fastapi import FastAPI

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Serve until it is stopped; say where."""
    standard = read_standard(options.standard)
    others = [read_standard(name) for name in list_standards()]

    def make() -> FastAPI:
        voice.stage("reading")
        made = read_base(options.base)
        tell_origin(made, voice)
        voice.stage("coverage")
        return create_app(made, standard=standard, others=others, lang=options.lang)

    def ready(address: str) -> None:
        voice.tell(f"explorer 交互查询: {address} (on this machine only; Ctrl-C ends it)")
        sys.stdout.flush()
        if not options.no_browser:
            # Some browsers do not come back until they are closed.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    run_app(make, port=options.port, ready=ready)
    voice.tell("stopped")
    return 0
