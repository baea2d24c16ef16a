import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.serverconf.paths import MAX_MATCHED, PathRefusedError, compile_pattern, fits, normalise_path

MATCHES = [
    # pattern, path, whether it fits (message-path s.6)
    ("**", "", True),
    ("**", "/anything/at/all", True),
    ("/", "/", True),
    ("/", "", False),
    ("/foo", "/foo", True),
    ("/foo", "/foo/", False),
    ("/foo", "/Foo", False),
    ("/foo", "/foobar", False),
    ("/*", "/foo", True),
    ("/*", "/", True),
    ("/*", "/foo/bar", False),
    ("/*/bar", "/foo/bar", True),
    ("/*/bar", "//bar", True),
    ("/foo/**", "/foo/", True),
    ("/foo/**", "/foo/bar/baz", True),
    ("/foo/**", "/foo", False),
    ("/foo**", "/foobar/baz", True),
    ("/**/baz", "/foo/bar/baz", True),
    ("/**/baz", "/baz", False),
    ("/foo/*/baz", "/foo/b.r/baz", True),
    (r"/\*", "/*", True),
    (r"/\*", "/x", False),
    (r"/a\*b*", "/a*bc", True),
    (r"/a\b", r"/a\b", True),
    ("/a.c", "/abc", False),
    ("/a+(b)[c]", "/a+(b)[c]", True),
    ("/công dân/*", "/công dân/001", True),
    ("/pre*", "/prefix", True),
    ("/pre*", "/pre", True),
    ("/*x", "/ax", False),  # a star is possessive: it keeps what it took
]


def matches(pattern: str, path: str) -> bool:
    return fits(compile_pattern(pattern), path)


@pytest.mark.parametrize(("pattern", "path", "expected"), MATCHES)
def test_patterns(pattern: str, path: str, *, expected: bool) -> None:
    assert matches(pattern, path) is expected


NORMAL = [
    ("", ""),
    ("/", "/"),
    ("//", "/"),
    ("/a/b", "/a/b"),
    ("/a/b/", "/a/b/"),
    ("/a//b", "/a/b"),
    ("/a/./b", "/a/b"),
    ("/a/../b", "/b"),
    ("/a/b/..", "/a/"),
    ("/a/b/.", "/a/b/"),
    ("/a/..", "/"),
    ("/a%2Fb", "/a/b"),
    ("/a/b/%C3%A1", "/a/b/á"),
    ("/a/b/%C3%A1%2F%20c;d=1", "/a/b/á/ c;d=1"),  # recorded: rest/encoded-path, refused there, passed here
    ("/%7Bid%7D", "/{id}"),
    ("/a%252e", "/a%2e"),
    ("/a+b", "/a+b"),
    ("/...", "/..."),
    ("/a/b...", "/a/b..."),
]


@pytest.mark.parametrize(("raw", "normal"), NORMAL)
def test_paths_are_decoded_once_and_normalised(raw: str, normal: str) -> None:
    assert normalise_path(raw) == normal


REFUSED = [
    "/..",
    "/a/../..",
    "/a/%2e%2e/%2E%2E/b",
    "/..%2f..",
    "/a/..;x/b",
    "/a/..%5Cb",
    "/%",
    "/%zz",
    "/%ff",
    "/%C3/x",
]


@pytest.mark.parametrize("raw", REFUSED)
def test_a_path_that_climbs_out_or_cannot_be_decoded_is_refused(raw: str) -> None:
    with pytest.raises(PathRefusedError):
        normalise_path(raw)


@given(st.text(alphabet="/.a%2e;\\é *", max_size=24))
def test_a_normal_path_never_climbs(raw: str) -> None:
    try:
        normal = normalise_path(f"/{raw}")
    except PathRefusedError:
        return
    assert normal.startswith("/")
    assert "//" not in normal
    assert not {".", ".."} & set(normal.split("/"))


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="/\\;\x00", codec="utf-8"), min_size=1), max_size=4))
def test_ordinary_segments_survive_encoding(segments: list[str]) -> None:
    kept = [segment for segment in segments if segment not in {".", ".."}]
    path = "/" + "/".join(kept)
    assert normalise_path(quote(path)) == path


_words = st.text(alphabet=st.characters(exclude_characters="\\", codec="utf-8"), max_size=12)


@given(_words, _words)
def test_an_escaped_pattern_matches_itself_only(pattern: str, other: str) -> None:
    literal = pattern.replace("*", r"\*")
    assert matches(literal, pattern)
    assert matches(literal, other) is (other == pattern)


def plainly(pattern: str) -> str:
    """The translation the dossier gives, token by token."""
    words = {"**": ".*", "*": "[^/]*+", r"\*": r"\*"}
    return "".join(words.get(token) or re.escape(token) for token in re.findall(r"\\\*|\*\*|\*|.", pattern, re.DOTALL))


@given(st.text(alphabet="/*\\ab", max_size=10), st.text(alphabet="/ab*\\", max_size=10))
def test_every_pattern_means_what_the_plain_translation_means(pattern: str, path: str) -> None:
    assert matches(pattern, path) is (re.fullmatch(plainly(pattern), path, re.DOTALL) is not None)


def test_no_path_makes_a_comparison_long() -> None:
    hostile = "/a" * (MAX_MATCHED // 2)
    assert not matches("/**/a/**/a/**/a/**/a/**/b", hostile)
    assert not matches("**a*/", hostile.replace("/", ""))


def test_a_very_long_path_fits_everything_only() -> None:
    assert matches("**", "/" * (MAX_MATCHED + 1))
    assert matches("/**", "/" * MAX_MATCHED)
    assert not matches("/**", "/" * (MAX_MATCHED + 1))
