import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.exchange.serverconf.lines import line_of, locate_keys

TEXT = '''\
# a comment with [brackets] and "quotes"
top = 1

[server]          # trailing
id = "x"
"quoted key" = """
[not.a.table]
not_a_key = 1
"""
ports.http = 8080
list = [
  "[[client]]", # one
  { inner = 1 },
]
literal = \'\'\'
still = "inside\'\'\'

[[client]]
id = 1
[client.extra]
a = { b = [1, 2] }
[[client.service]]
code = 2
[[client.service.access]]
subject = 3
[[client.service.access]]
subject = 4
[[client]]
id = 5
[[client.service]]
code = 6
'''

EXPECTED = {
    ("top",): 2,
    ("server",): 4,
    ("server", "id"): 5,
    ("server", "quoted key"): 6,
    ("server", "ports", "http"): 10,
    ("server", "list"): 11,
    ("server", "literal"): 15,
    ("client", 0): 18,
    ("client", 0, "id"): 19,
    ("client", 0, "extra"): 20,
    ("client", 0, "extra", "a"): 21,
    ("client", 0, "service", 0, "code"): 23,
    ("client", 0, "service", 0, "access", 0, "subject"): 25,
    ("client", 0, "service", 0, "access", 1, "subject"): 27,
    ("client", 1): 28,
    ("client", 1, "id"): 29,
    ("client", 1, "service", 0, "code"): 31,
}


def test_every_key_is_found_at_its_line() -> None:
    tomllib.loads(TEXT)
    lines = locate_keys(TEXT)
    assert {path: lines[path] for path in EXPECTED} == EXPECTED


def test_what_is_inside_a_value_is_found_at_the_key_that_holds_it() -> None:
    lines = locate_keys(TEXT)
    assert line_of(lines, ("server", "list", 1, "inner")) == 11
    assert line_of(lines, ("client", 0, "missing")) == 18
    assert line_of(lines, ("nothing",)) == 1


def test_the_last_line_may_lack_its_end() -> None:
    assert locate_keys("a = 1\nb = [1]") == {("a",): 1, ("b",): 2}


def test_a_text_that_is_no_toml_is_not_followed() -> None:
    try:
        locate_keys("= 1")
    except ValueError:
        return
    raise AssertionError


keys = st.one_of(
    st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True),
    st.sampled_from(['"a.b"', "'c]d'", '"\\u00e9=#"', "'='"]),
)
values = st.sampled_from(
    [
        "1",
        '"text # [x]"',
        "'it # is'",
        '"""\nkey = 1\n[t]\n"""',
        "'''\n[[a]]\nb = '\n'''",
        '[\n1, # ]\n"]"\n]',
        "{ a = [1, { b = 2 }], c = '}' }",
        '""""four"""""',
        '"\\"escaped = \\\\"',
        "1979-05-27T07:32:00Z",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(keys, values, st.sampled_from(["", " # c = 1", "\n", "\r"])), max_size=8))
def test_any_table_is_followed_to_its_end(rows: list[tuple[str, str, str]]) -> None:
    text, expected = "[[t]]\n", {}
    for number, (key, value, tail) in enumerate(rows):
        expected[("t", 0, f"k{number}", _plain(key))] = text.count("\n") + 1
        text += f"k{number}.{key} = {value}{tail}\n"
    text += "[after]\nlast = 1\n"
    tomllib.loads(text)
    lines = locate_keys(text)
    assert {path: lines[path] for path in expected} == expected
    assert lines[("after", "last")] == text.count("\n")


def _plain(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 1")))
