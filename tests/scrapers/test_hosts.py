import pytest

from monitor.errors import Blocked
from scrapers.hosts import check_addresses, check_place, is_public, place


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "bukan alamat",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://contoh.example/", "file:///etc/passwd", "https://", "https://a@b.example/", "https://contoh.example\\@x/",
        "https://contoh.example:99999/", "https://contoh .example/", "https://contoh.example/\n", "//contoh.example/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_refused(url: str) -> None:
    with pytest.raises(Blocked):
        place(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Blocked, match=r"contoh\.example"):
        check_addresses(place("https://contoh.example/"), ("8.8.8.8", "10.0.0.1"), "https://contoh.example/")


@pytest.mark.parametrize("host", ["localhost", "x.localhost", "printer.local", "db.internal", "10.0.0.1", "[::1]"])
def test_a_private_name_is_refused_before_it_is_looked_up(host: str) -> None:
    url = f"https://{host}/"
    with pytest.raises(Blocked):
        check_place(place(url), (), url)


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.1:2583", " 127.0.0.1:2583 "])
def test_a_host_that_the_policy_names_may_be_reached_without_tls(allowed: str) -> None:
    assert check_place(place("http://127.0.0.1:2583/a"), (allowed,), "http://127.0.0.1:2583/a")


def test_another_port_of_a_named_place_is_still_refused() -> None:
    with pytest.raises(Blocked):
        check_place(place("http://127.0.0.1:5432/"), ("127.0.0.1:2583",), "http://127.0.0.1:5432/")


def test_an_origin_leaves_out_the_usual_port() -> None:
    assert place("https://Contoh.Example:443/a").origin == "https://contoh.example"
    assert place("http://[::1]:80/").origin == "http://[::1]"
