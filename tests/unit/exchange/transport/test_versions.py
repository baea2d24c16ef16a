"""Which client proxies are served, by the version they tell."""

import pytest

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.versions import parse_version, require_client_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("7.8.1", (7, 8, 1)),
        ("7.8.1-SNAPSHOT", (7, 8, 1)),
        ("7.8.1+build.5", (7, 8, 1)),
        ("10.0.0", (10, 0, 0)),
        ("7.8", None),
        ("7.8.1 ", None),
        ("v7.8.1", None),
        ("", None),
    ],
)
def test_a_version_is_three_numbers(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("told", "minimum", "is_served"),
    [
        ("7.8.1", "", True),
        (None, "", True),
        ("7.8.1", "7.8.1", True),
        ("10.0.0", "9.0.0", True),
        ("7.8.1-SNAPSHOT", "7.8.1", True),
        ("7.8.0", "7.8.1", False),
        ("7.10.0", "7.9.0", True),
        ("6.26.3", "7.0.0", False),
        ("unknown", "7.0.0", False),
        (None, "7.0.0", False),
        ("", "7.0.0", False),
    ],
)
def test_an_older_one_is_refused_by_name(told: str | None, minimum: str, is_served: bool) -> None:
    """Source: message-path dossier s.3.4."""
    if is_served:
        require_client_version(told, minimum)
        return
    with pytest.raises(Fault) as refused:
        require_client_version(told, minimum)
    assert refused.value.code == "client_proxy_version_not_supported"
    assert minimum in refused.value.message
