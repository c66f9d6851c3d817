import pytest
from pydantic import ValidationError

from monitor.settings_web import WebSettings


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.8.0.0/24"])
def test_proxy_is_named_by_address_or_network(address):
    assert WebSettings(proxies=(address,)).proxies == (address,)


@pytest.mark.parametrize("address", ["perantara.contoh.example", "*", "10.8.0.1/24", ""])
def test_what_is_no_address_is_refused_with_an_example(address):
    with pytest.raises(ValidationError, match=r"tulis misalnya \"127\.0\.0\.1\""):
        WebSettings(proxies=(address,))


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
def test_nobody_trusts_everybody(everybody):
    with pytest.raises(ValidationError, match="mempercayai siapa pun"):
        WebSettings(proxies=(everybody,))


def test_no_proxy_is_trusted_unless_it_is_named():
    assert WebSettings().proxies == ()
