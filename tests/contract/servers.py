"""Servers that the tests start: a cluster, a primary with a replica and its sentinel, and certificates."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import RedisServer, free_port

_PATIENCE = 30.0  # seconds; the machine may be busy with other things
SLOTS = 16_384


@contextmanager
def running(*options: str, ready: bytes = b"Ready to accept connections") -> Iterator[None]:
    """A redis-server with these options, until the end of the block."""
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            assert any(ready in line for line in process.stdout), options
            yield
        finally:
            process.kill()  # or its end would be waited for


@contextmanager
def server(folder: Path, *options: str) -> Iterator[RedisServer]:
    """One with a folder of its own, until the end of the block; it may be stopped and started again."""
    folder.mkdir(exist_ok=True)
    one = RedisServer(folder, *options)
    one.start()
    try:
        yield one
    finally:
        one.stop()


def say(port: int, *words: str | int) -> str:
    """What redis-cli prints."""
    command = ["redis-cli", "-p", str(port), *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Ask again and again: nothing tells a client of a server when it has made up its mind."""
    until = monotonic() + _PATIENCE
    while not is_so():
        assert monotonic() < until, f"waited in vain for {what}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Three nodes that share the slots, and perhaps a replica of the first."""

    nodes: Sequence[RedisServer]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def names(self) -> list[str]:
        return [say(node.port, "cluster", "myid") for node in self.nodes]

    def is_whole(self) -> bool:
        """Every node knows all others, and who has which slots."""
        told = [say(node.port, "cluster", "info") for node in self.nodes if node.process]
        known = f"cluster_known_nodes:{len(self.nodes)}"
        return all("cluster_state:ok" in one and known in one for one in told)

    def owner(self, key: str) -> int:
        """Which of the nodes has this key's slot."""
        slot = say(self.nodes[0].port, "cluster", "keyslot", key)
        found = [say(node.port, "cluster", "countkeysinslot", slot) for node in self.nodes[:3]]
        return max(range(len(found)), key=lambda at: int(found[at]))

    def move(self, slot: int, *, source: int, target: int) -> None:
        """Take a slot from one node to another, as resharding does, a key after the other."""
        names = self.names()
        give, take = self.nodes[source].port, self.nodes[target].port
        say(take, "cluster", "setslot", slot, "importing", names[source])
        say(give, "cluster", "setslot", slot, "migrating", names[target])
        while keys := say(give, "cluster", "getkeysinslot", slot, 1).split():
            say(give, "migrate", "127.0.0.1", take, "", 0, 5000, "keys", *keys)
        for port in (take, give):
            say(port, "cluster", "setslot", slot, "node", names[target])


def _node(folder: Path) -> AbstractContextManager[RedisServer]:
    told = ("--cluster-node-timeout", "1500", "--repl-diskless-sync-delay", "0")
    return server(folder, "--cluster-enabled", "yes", "--cluster-port", str(free_port()), *told)


@contextmanager
def cluster(folder: Path, *, replica: bool = False) -> Iterator[Cluster]:
    """Three nodes that share all slots; with `replica`, a fourth that follows the first."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(_node(folder / f"node{number}")) for number in range(3 + replica)]
        made = Cluster(nodes)
        for number, node in enumerate(nodes):
            say(node.port, "cluster", "set-config-epoch", number + 1)
            say(nodes[0].port, "cluster", "meet", "127.0.0.1", node.port, node.options[3])
        for number, node in enumerate(nodes[:3]):
            first, following = (SLOTS * bound // 3 for bound in (number, number + 1))
            say(node.port, "cluster", "addslotsrange", first, following - 1)
        wait_for(made.is_whole, "the cluster to be whole")
        if replica:
            say(nodes[3].port, "cluster", "replicate", made.names()[0])
            wait_for(lambda: "state=online" in say(nodes[0].port, "info", "replication"), "the replica")
        yield made


@dataclass(frozen=True, slots=True)
class Watched:
    """A primary and its replica, watched by a sentinel."""

    primary: RedisServer
    replica: RedisServer
    sentinel: int

    @property
    def url(self) -> str:
        return f"redis+sentinel://127.0.0.1:{self.sentinel}/main"

    def leader(self) -> int:
        """The port of whom the sentinel names."""
        return int(say(self.sentinel, "sentinel", "get-master-addr-by-name", "main").split()[1])


@contextmanager
def watched(folder: Path, *, down_after: int = 500) -> Iterator[Watched]:
    """Two servers and a sentinel; `down_after` ms without an answer it makes the replica the primary."""
    with ExitStack() as stack:
        at_once = ("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1")
        primary = stack.enter_context(server(folder / "primary", *at_once))
        follow = ("--replicaof", f"127.0.0.1 {primary.port}")
        replica = stack.enter_context(server(folder / "replica", *at_once, *follow))
        wait_for(lambda: "state=online" in say(primary.port, "info", "replication"), "the replica")
        port = free_port()
        config = folder / "sentinel.conf"
        config.write_text(
            f"port {port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {primary.port} 1\n"
            f"sentinel down-after-milliseconds main {down_after}\nsentinel failover-timeout main 3000\n"
        )
        stack.enter_context(running(str(config), "--sentinel", "--dir", str(folder), ready=b"+monitor"))
        wait_for(
            lambda: str(replica.port) in say(port, "sentinel", "replicas", "main"), "the sentinel to see it"
        )
        yield Watched(primary, replica, port)


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    folder.joinpath("cert.pem").write_bytes(built.public_bytes(pem))
    folder.joinpath("key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def served_over_tls(folder: Path) -> tuple[str, tuple[str, ...]]:
    """The file of a fresh certificate, and the options of a server that uses it."""
    cert, key = certificate(folder)
    files = ("--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert)
    return cert, (*files, "--tls-auth-clients", "no")
