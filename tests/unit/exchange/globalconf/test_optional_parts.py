"""The parts a configuration may have: what they say, and that an odd one is refused."""

from datetime import timedelta

import pytest
from tests.fakes.instances import POPULATION
from tests.unit.exchange.globalconf.test_lookups import conf

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import optional_parts as parts


def test_what_the_parts_say_is_in_force() -> None:
    assert parts.read_monitoring(parts.write_monitoring(POPULATION)) == POPULATION
    known = parts.with_optional_parts(conf(), {parts.MONITORING: parts.write_monitoring(POPULATION), "OTHER": b"?"})
    assert known.monitoring_client == POPULATION
    assert parts.with_optional_parts(conf(), {}) == conf()


@pytest.mark.parametrize("name", [parts.MONITORING, parts.NEXTUPDATE, parts.FETCHINTERVAL])
def test_a_known_part_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(Fault) as caught:
        parts.check_optional_part(name, b"<conf/>x")
    assert caught.value.code == "malformed_optional_parts_conf"


def test_a_monitoring_client_that_is_nobody_is_refused() -> None:
    data = parts.write_monitoring(POPULATION)
    nobody = data.replace(b">GOV<", b"><")
    assert nobody != data
    with pytest.raises(Fault) as caught:
        parts.check_optional_part(parts.MONITORING, nobody)
    assert caught.value.code == "malformed_optional_parts_conf"


def test_an_unknown_part_is_not_looked_at() -> None:
    parts.check_optional_part("OTHER", b"?")


def test_no_interval_is_shorter_than_the_protocol_allows() -> None:
    short = b'<xro:conf xmlns:xro="http://x-road.eu/xsd/xroad.xsd"><ocspFetchInterval>1</ocspFetchInterval></xro:conf>'
    assert parts.read_fetch_interval(short) == timedelta(seconds=60)
