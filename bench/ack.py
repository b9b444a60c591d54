"""How fast signed `/scrm` and `/scrm help` are acknowledged, beside a bare Bolt app in the same run.

    python -m bench.ack [--count N] [--rounds N]

Each server and the load run in processes of their own, the store is a real redis-server with AOF. Read the
ratios: seconds depend on the machine, and on what else it does.

record     the product: guard, authorize, seal, dedupe and durable record, then the command's work and finish
answering  the same, and each command's answer is also posted to a response_url that really takes it
shipped    the same as `answering`, with help in the acknowledgement itself, as the product ships it
plain      the product without the durable record
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.ack_load import Figures

TEXTS = ["", "help"]
VARIANTS = ("bare", "plain", "record", "answering", "shipped")
TARGETS = {"plain": 2.5, "record": 1.7}
ALONE = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu` is what the server used per acknowledgement at 32 connections, in microseconds."""

    alone: Figures
    together: Figures
    cpu: float


@contextmanager
def redis_server() -> Iterator[str]:
    """A redis-server of this run's own, as production runs it: AOF, written every second."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--dir", folder, "--save", "", "--appendonly", "yes"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for line in process.stdout:
                if b"Ready to accept connections" in line:
                    break
            try:
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                process.terminate()


@contextmanager
def process(*command: str) -> Iterator[tuple[int, int]]:
    """A Python module that prints its port when it is ready: the port, and the process' id."""
    with subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline()), server.pid
        finally:
            server.terminate()


def load(port: int, *, connections: int, count: int, response_url: str) -> Figures:
    order = {
        "port": port,
        "texts": TEXTS,
        "connections": connections,
        "count": count,
        "response_url": response_url,
    }
    command = [sys.executable, "-m", "bench.ack_load", json.dumps(order)]
    return Figures(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def measure(variant: str, *, redis: str, sink: int, count: int) -> Measured:
    url = f"http://127.0.0.1:{sink}/"
    kind = "record" if variant == "answering" else variant
    more = ["--answering"] if variant in {"answering", "shipped"} else []
    with process("bench.ack_server", kind, "--redis", redis, *more) as (port, pid):
        load(port, connections=4, count=200, response_url=url)  # warm
        alone = load(port, connections=1, count=300, response_url=url)
        before = cpu_seconds(pid)
        together = load(port, connections=32, count=count, response_url=url)
        cpu = (cpu_seconds(pid) - before) / count * 1e6
    return Measured(alone, together, cpu)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5): stat, fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def middle(rounds: list[Measured]) -> Measured:
    """The median of each figure."""

    def of(figures: list[Figures]) -> Figures:
        return Figures(
            acks_per_second=median(each.acks_per_second for each in figures),
            p50=median(each.p50 for each in figures),
            p99=median(each.p99 for each in figures),
            refused=sum(each.refused for each in figures),
        )

    return Measured(
        alone=of([each.alone for each in rounds]),
        together=of([each.together for each in rounds]),
        cpu=median(each.cpu for each in rounds),
    )


def report(results: dict[str, Measured]) -> bool:
    """Print the table; whether every target was met and nothing was refused."""
    bare = results["bare"]
    print(f"{'':10}  acks/s   x bare  CPU us   p50 alone         p99 alone  p50 at 32  p99 at 32  refused")
    fine = True
    for variant, result in results.items():
        ratio = result.together.acks_per_second / bare.together.acks_per_second
        share = result.alone.p50 / bare.alone.p50
        refused = result.alone.refused + result.together.refused
        wanted = TARGETS.get(variant)
        met = not refused and (wanted is None or (ratio >= wanted and share <= ALONE))
        fine = fine and met
        print(
            f"{variant:10}  {result.together.acks_per_second:6.0f}  {ratio:6.2f}x  {result.cpu:6.0f}"
            f"  {result.alone.p50:7.2f} ms ({share:4.2f}x)  {result.alone.p99:6.2f} ms"
            f"  {result.together.p50:6.2f} ms  {result.together.p99:6.2f} ms  {refused:7}"
            + (f"  target {wanted}x: {'met' if met else 'MISSED'}" if wanted else "")
        )
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=8000, help="requests at 32 connections")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, taken in turn")
    options = parser.parse_args()
    rounds: dict[str, list[Measured]] = {variant: [] for variant in VARIANTS}
    with redis_server() as redis, process("bench.ack_sink") as (sink, _):
        for _ in range(options.rounds):
            for variant, measured in rounds.items():
                measured.append(measure(variant, redis=redis, sink=sink, count=options.count))
    return 0 if report({variant: middle(measured) for variant, measured in rounds.items()}) else 1


if __name__ == "__main__":
    sys.exit(main())
