"""From the command to the first page on a made workspace, beside a bare page of the same server stack.

    python benchmarks/first_page.py [--times 5] [--workspace DIR]

The workspace needs a finished run of the packaged scenario; without --workspace one is made first, uncounted.
Wall and processor seconds are medians; on a busy machine look at the processor's.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

REACH_S = 2.0
INSTALL_REACH_MB = 700
KITARAN = Path(sys.executable).with_name("kitaran")
BARE = """
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
app = FastAPI()
app.add_api_route("/", lambda: HTMLResponse("<h1>bare</h1>"))
class Telling(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("http://127.0.0.1:%d" % self.servers[0].sockets[0].getsockname()[1], flush=True)
Telling(uvicorn.Config(app, port=0, log_level="warning")).run()
"""


def first_page(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor seconds from starting the command to having read its first page."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    line = next(line for line in process.stdout if "http://" in line)
    url = "http://" + line.split("http://")[1].strip().strip('",')
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert b"<h1" in answer.read()
    wall = time.perf_counter() - began
    process.send_signal(signal.SIGINT)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return wall, usage.ru_utime + usage.ru_stime


def medians(command: list[str], folder: Path, times: int) -> tuple[float, float]:
    """Medians of both after one start that is not counted."""
    measured = [first_page(command, folder) for _ in range(times + 1)][1:]
    wall, processor = zip(*measured, strict=True)
    return statistics.median(wall), statistics.median(processor)


def installed_mb() -> float:
    """What the environment of this Python holds on disk."""
    files = (path for path in Path(sys.prefix).rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--workspace", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = str((given.workspace or Path(scratch) / "kitaran-data").absolute())
        up = [str(KITARAN), "up", "--json", "--workspace", workspace]
        floor_wall, floor_processor = medians([sys.executable, "-c", BARE], Path(scratch), given.times)
        wall, processor = medians(up, Path(scratch), given.times)
    print(f"{'':28}{'wall s':>8}{'cpu s':>8}")
    print(f"{'bare page, FastAPI':28}{floor_wall:8.2f}{floor_processor:8.2f}")
    print(f"{'kitaran up, first page':28}{wall:8.2f}{processor:8.2f}   reach {REACH_S} s wall")
    print(f"{'ratio':28}{wall / floor_wall:8.1f}{processor / floor_processor:8.1f}")
    print(f"environment: {installed_mb():.0f} MB (reach {INSTALL_REACH_MB} MB without test and docs extras)")


if __name__ == "__main__":
    main()
