"""What REDIS_URL may be."""

import pytest

from scrm_bot.store.address import Kind, parse


def test_one_server_has_a_host_a_port_and_a_database() -> None:
    address = parse("redis://localhost")

    assert (address.kind, address.hosts, address.db, address.tls) == (
        Kind.SERVER,
        (("localhost", 6379),),
        0,
        False,
    )


def test_everything_an_address_can_say_is_read() -> None:
    address = parse("rediss://bot:p%40ss@redis.example:7000/3?ca_certs=/etc/ca.pem")

    assert (address.hosts, address.db, address.tls) == ((("redis.example", 7000),), 3, True)
    assert (address.username, address.password.reveal()) == ("bot", "p@ss")
    assert address.ca_certs == "/etc/ca.pem"


def test_a_host_may_be_an_ipv6_address() -> None:
    assert parse("redis://[::1]:6380").hosts == (("::1", 6380),)


def test_a_sentinels_address_names_the_service() -> None:
    address = parse("redis+sentinel://:pw@a:1,b/main/2?sentinel_username=u&sentinel_password=s")

    assert (address.kind, address.hosts, address.service, address.db) == (
        Kind.SENTINEL,
        (("a", 1), ("b", 26379)),
        "main",
        2,
    )
    assert (address.password.reveal(), address.sentinel_password.reveal()) == ("pw", "s")


def test_a_cluster_has_several_nodes() -> None:
    address = parse("rediss+cluster://a,b:7001")

    assert (address.kind, address.tls) == (Kind.CLUSTER, True)
    assert address.hosts == (("a", 6379), ("b", 7001))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://localhost", "a redis://"),
        ("localhost:6379", "a redis://"),
        ("redis://", "hosts and ports can be read"),
        ("redis://[", "a redis://"),
        ("redis://localhost:seven", "hosts and ports can be read"),
        ("redis://localhost/one", "number of a database"),
        ("redis://localhost/1/2", "number of a database"),
        ("redis://localhost/²", "number of a database"),
        ("redis+sentinel://a", "service's name is missing"),
        ("redis+cluster://a/1", "only number 0"),
        ("redis://a?socket_timeout=1", "unknown option socket_timeout"),
        ("redis://a,b/0", "one host"),
        ("rediss://a,b:7000/0", "one host"),
        ("redis://a?ca_certs=/etc/ca.pem", r"rediss://, as ca_certs"),
        ("redis+cluster://a?ca_certs=/etc/ca.pem", r"rediss\+cluster://, as ca_certs"),
        ("rediss://a?sentinel_password=hunter2", "without sentinel_password"),
        ("redis+cluster://a?sentinel_username=u", "without sentinel_username"),
        ("redis://a/0#x", "without #"),
        ("redis://a/0#", "without #"),
    ],
)
def test_what_cannot_be_used_is_said_without_the_password(url: str, says: str) -> None:
    hidden = url.replace("://", "://user:hunter2@", 1)

    with pytest.raises(ValueError, match=says) as caught:
        parse(hidden)

    assert "hunter2" not in str(caught.value)


def test_an_address_is_shown_without_its_password() -> None:
    address = parse("redis+sentinel://bot:hunter2@a:1/main/2")

    assert address.shown == "sentinel a:1/main db 2"
    assert parse("redis://[::1]:6380").shown == "redis [::1]:6380 db 0"
    assert "hunter2" not in repr(address)
