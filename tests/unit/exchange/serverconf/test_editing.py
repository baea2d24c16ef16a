"""Settings files are changed as a person would: only the lines that matter."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.settings_files import COMPLETE, LEGACY, SERVER, read

from lienthong.exchange.serverconf.editing import (
    NotEditableError,
    insert_tables,
    quote,
    remove_table,
    set_keys,
    write_endpoint,
    write_service,
)
from lienthong.exchange.serverconf.settings import Endpoint, Service, ServiceType

NEW = Service(code="new", version="v1", type=ServiceType.WSDL, url="http://h/", wsdl="new.wsdl")
HELLO = ("client", 1, "service", 2)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:2] in {"+ ", "- "} and line[2:].strip()]


def test_a_service_goes_to_the_end_of_its_client() -> None:
    text = insert_tables(COMPLETE, ("client", 0), [write_service(NEW)])
    assert read(text).clients[0].services == (*read(COMPLETE).clients[0].services, NEW)
    assert read(text).clients[1] == read(COMPLETE).clients[1]
    assert all(line.startswith("+ ") for line in changed_lines(COMPLETE, text))
    assert "\n\n\n" not in text


def test_tables_that_follow_at_once_are_parted() -> None:
    tight = COMPLETE.replace("\n[[client]]", "[[client]]")
    text = insert_tables(tight, ("client", 0), [write_service(NEW)])
    assert 'path = "/pets/*"\n\n[[client.service]]\ncode = "new"' in text
    assert 'wsdl = "new.wsdl"\n\n[[client]]' in text


def test_at_the_end_of_the_file_too_also_without_a_last_line_end() -> None:
    for base in (COMPLETE, COMPLETE.rstrip("\n")):
        text = insert_tables(base, ("client", 1), [write_service(NEW), write_service(NEW).replace("v1", "v2")])
        assert [service.name for service in read(text).clients[1].services][-2:] == ["new/v1", "new/v2"]
        assert text.endswith('wsdl = "new.wsdl"\n')


def test_comments_before_the_next_table_stay_with_it() -> None:
    marked = COMPLETE.replace(
        '\n[[client]]\nid = "VN/GOV/000.00.00.G01/legacy"', '\n# old\n[[client]]\nid = "VN/GOV/000.00.00.G01/legacy"'
    )
    text = insert_tables(marked, ("client", 0), [write_service(NEW)])
    assert 'new.wsdl"\n\n# old\n[[client]]' in text


def test_a_service_goes_with_its_rights_and_nothing_else() -> None:
    text = remove_table(COMPLETE, HELLO)
    assert read(text).clients[1].services == read(COMPLETE).clients[1].services[:2]
    first = remove_table(COMPLETE, ("client", 1, "service", 0))
    assert read(first).clients[1].services == read(COMPLETE).clients[1].services[1:]
    assert all(line.startswith("- ") for line in changed_lines(COMPLETE, first))


def test_a_pause_and_its_end() -> None:
    opened = set_keys(COMPLETE, HELLO, {"disabled": None, "notice": None})
    assert changed_lines(COMPLETE, opened) == ["- disabled = true", '- notice = "Bảo trì đến 18 giờ"']
    again = set_keys(opened, HELLO, {"disabled": "true", "notice": quote("Đến 19 giờ")})
    service = read(again).clients[1].services[2]
    assert (service.disabled, service.notice) == (True, "Đến 19 giờ")
    assert again.index("disabled = true\nnotice") < again.index('code = "helloMtom"')
    assert set_keys(opened, HELLO, {"disabled": None}) == opened


def test_a_value_over_several_lines_is_replaced_as_a_whole() -> None:
    long = COMPLETE.replace(
        'notice = "Bảo trì đến 18 giờ"\n\n[[client.service.access]]\nsubject = "VN/GOV/000.00.00.H10/onestop"\n', ""
    )
    long = LEGACY.replace('notice = "Bảo trì đến 18 giờ"', 'notice = """\nBảo trì\n# đến 18 giờ\n"""  # why')
    text = set_keys(SERVER + long, ("client", 0, "service", 2), {"notice": quote("x")})
    assert read(text).clients[0].services[2].notice == "x"
    assert "đến 18" not in text


def test_an_indented_file_stays_indented() -> None:
    text = set_keys(
        COMPLETE.replace('[[client.service]]\ncode = "helloMtom"', '  [[client.service]]\n  code = "helloMtom"'),
        HELLO,
        {"timeout_s": "5"},
    )
    assert '  [[client.service]]\n  timeout_s = 5\n  code = "helloMtom"' in text


def test_what_is_written_inline_or_scattered_is_left_to_a_person() -> None:
    inline = SERVER + '[[client]]\nid = "VN/GOV/000.00.00.G01/a"\nservice = [{code = "b", url = "http://h"}]\n'
    assert read(inline).clients[0].services
    with pytest.raises(NotEditableError, match=r"client\[0\].service\[0\] is not written under a heading"):
        remove_table(inline, ("client", 0, "service", 0))
    right = '\n[[client.service.access]]\nsubject = "group:g"\n'
    scattered = COMPLETE + "\n[log]\nbody_logging = false\n" + right
    assert len(read(scattered).clients[1].services[2].access) == 2
    with pytest.raises(NotEditableError, match="do not stand together"):
        remove_table(scattered, HELLO)


@pytest.mark.parametrize(
    "service",
    [
        NEW,
        Service(code="r", url="https://h", tls_verify=False, log_body=False, personal_data=True),
        Service(code="p", url="http://h", issue_patterns=("a.*", 'b"c\\d'), disabled=True, notice="Đ\n'\x7f"),
        Service(
            code="o", type=ServiceType.OPENAPI, url="http://h", openapi="o.yaml",
            endpoints=(Endpoint(method="GET", path="/a/*"), Endpoint(path="/b\\*")),
        ),
        read(COMPLETE).clients[0].services[3].__class__(code="t", url="http://h", timeout=read(COMPLETE).limits.silence),
    ],
)  # fmt: skip
def test_a_service_is_read_as_it_was_written(service: Service) -> None:
    text = SERVER + '[[client]]\nid = "VN/GOV/000.00.00.G01/a"\n\n' + write_service(service)
    assert read(text).clients[0].services == (service,)


def test_an_endpoint_joins_its_service() -> None:
    pets = ("client", 0, "service", 3)
    text = insert_tables(COMPLETE, pets, [write_endpoint(Endpoint(method="PUT", path="/pets"))])
    assert read(text).clients[0].services[3].endpoints[-1] == Endpoint(method="PUT", path="/pets")
    gone = remove_table(text, (*pets, "endpoint", 0))
    assert [each.method for each in read(gone).clients[0].services[3].endpoints] == ["POST", "PUT"]


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
def test_any_text_is_quoted_so_that_it_is_read_again(notice: str) -> None:
    text = set_keys(COMPLETE, HELLO, {"notice": quote(notice)})
    assert read(text).clients[1].services[2].notice == notice
    assert read(set_keys(text, HELLO, {"notice": quote("a")})) == read(
        set_keys(COMPLETE, HELLO, {"notice": quote("a")})
    )
