"""Kernels are compiled once on a machine; whoever waits for that is told so, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import logging
import numpy as np
from spatialplan._kernels.region import by_rank, sort
logging.basicConfig(format="%(message)s")
by_rank(np.zeros((1, 2), np.int64), np.zeros((1, 2), np.int64), np.zeros(1, np.int64))
sort(np.zeros(1, np.uint32), np.zeros(1, np.uint32))
"""
ROOT = Path(__file__).resolve().parent.parent


def said(cache: Path) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", CODE], env=env, text=True, check=True,
                          capture_output=True)  # fmt: skip
    return done.stderr


def test_the_first_run_says_that_it_compiles_and_the_second_does_not(tmp_path):
    first = said(tmp_path)
    assert first == ("the router is compiled for this machine, once: this run takes longer, "
                     "up to a minute\n")  # fmt: skip
    assert said(tmp_path) == ""


def test_what_others_compile_is_not_told(tmp_path):
    code = "import numba, spatialplan._kernels\nnumba.njit(lambda x: x + 1)(1)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, text=True, check=True,
                          capture_output=True)  # fmt: skip
    assert done.stderr == ""
