from tests.fakes.settings_files import COMPLETE, SERVER, read

from lienthong.exchange.serverconf.difference import difference

CITIZENS = "clients[VN/GOV/000.00.00.G01/population].services[citizens]"


def told(old: str, new: str) -> list[str]:
    return [str(change) for change in difference(read(old), read(new))]


def test_nothing_changes_between_equal_settings() -> None:
    assert told(COMPLETE, COMPLETE) == []


def test_order_and_comments_change_nothing() -> None:
    moved = COMPLETE.replace('anchor = "anchor.xml"\n', "").replace(
        "[server]", '[server]\nanchor = "anchor.xml" # first'
    )
    assert told(COMPLETE, moved) == []


def test_everything_is_new_at_first() -> None:
    changes = difference(None, read(SERVER))
    assert all(change.old is None for change in changes)
    assert "+ id = SERVER:VN/GOV/000.00.00.G01/ss1" in map(str, changes)
    assert "+ intervals.configuration_refresh = 60 s" in map(str, changes)


def test_a_changed_value_shows_both() -> None:
    assert told(COMPLETE, COMPLETE.replace("timeout_s = 2", "timeout_s = 3")) == [
        "~ clients[VN/GOV/000.00.00.G01/population].services[pets].timeout: 2 s -> 3 s"
    ]


def test_entries_go_by_name_not_by_position() -> None:
    new = COMPLETE.replace(
        '[[client.service]]\ncode = "citizens"',
        '[[client.service]]\ncode = "first"\nurl = "http://127.0.3.1/"\n\n[[client.service]]\ncode = "citizens"',
    )
    assert all(".services[first]" in line for line in told(COMPLETE, new))


def test_versions_of_a_service_go_by_their_names() -> None:
    new = COMPLETE.replace('wsdl = "hello.wsdl"', 'wsdl = "new.wsdl"').replace('version = "v2"', 'version = "v3"')
    changes = told(COMPLETE, new)
    services = "clients[VN/GOV/000.00.00.G01/legacy].services"
    assert f"~ {services}[helloMtom].wsdl: hello.wsdl -> new.wsdl" in changes
    assert f"+ {services}[getPerson/v3].version = v3" in changes
    assert f"- {services}[getPerson/v2].version = v2" in changes


def test_a_right_given_and_taken() -> None:
    right = '[[client.service.access]]\nsubject = "local:communes"\n'
    key = "clients[VN/GOV/000.00.00.G01/population].services[partial].access[LOCALGROUP:communes * **]"
    assert told(COMPLETE, COMPLETE.replace(right, "")) == [f"- {key} = allowed"]
    assert told(COMPLETE.replace(right, ""), COMPLETE) == [f"+ {key} = allowed"]


def test_sets_lists_and_flags_read_well() -> None:
    new = (
        COMPLETE.replace("personal_data = true", "log_body = false")
        .replace('members = ["VN/GOV/000.00.00.H20/onestop"]', 'members = ["VN/GOV/2", "VN/GOV/1"]')
        .replace('certificates = ["population.crt"]', 'certificates = ["/a", "/b"]')
    )
    assert told(COMPLETE, new) == [
        "~ clients[VN/GOV/000.00.00.G01/population].certificates: /etc/lienthong/data/population.crt -> /a, /b",
        "~ clients[VN/GOV/000.00.00.G01/population].groups[communes].members: "
        "SUBSYSTEM:VN/GOV/000.00.00.H20/onestop -> MEMBER:VN/GOV/1, MEMBER:VN/GOV/2",
        f"~ {CITIZENS}.personal_data: true -> false",
        f"+ {CITIZENS}.log_body = false",
    ]


def test_endpoints_and_second_keys_are_told_apart() -> None:
    second = '\n[[keys.signing]]\nmember = "VN/GOV/000.00.00.G01"\nkey = "next"\n'
    assert told(SERVER, SERVER + second) == ["+ keys.signing[MEMBER:VN/GOV/000.00.00.G01 #2].key = next"]
    new = COMPLETE.replace('path = "/pets"\n', 'path = "/pets/new"\n')
    assert told(COMPLETE, new) == [
        "~ clients[VN/GOV/000.00.00.G01/population].services[pets].endpoints: GET /pets/*, POST /pets "
        "-> GET /pets/*, POST /pets/new"
    ]


def test_services_of_the_clock_and_of_old_adapters_go_by_name() -> None:
    more = '[[timestamping]]\nname = "TSA"\nurl = "http://127.0.5.1/"\n'
    more += '[[facade.service]]\nproviderurl = "http://h/a"\ncode = "a"\n'
    assert told(SERVER, SERVER + more) == [
        "+ timestamping[TSA].name = TSA",
        "+ timestamping[TSA].url = http://127.0.5.1/",
        "+ facade.services[http://h/a] = a",
    ]
