"""Queries become SQL with placeholders only: no value is ever part of the statement."""

from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.adapters.log_index_query import MAX_PAGE, search_sql
from lienthong.exchange.messagelog.entries import LogQuery

_TEXT = st.none() | st.text(min_size=1)


@given(_TEXT, _TEXT, st.none() | st.integers(0), st.integers(-5, 10**9))
def test_values_are_parameters(user: str | None, issue: str | None, since: int | None, limit: int) -> None:
    query = LogQuery(user_id=user, issue=issue, from_ms=since)
    statement, parameters = search_sql(query, (1, 2), limit)
    assert statement.count("?") == len(parameters)
    assert parameters[-3:-1] == [1, 2]
    assert isinstance(parameters[-1], int)
    assert 1 <= parameters[-1] <= MAX_PAGE
    again, _ = search_sql(LogQuery(user_id=user and "x", issue=issue and "y", from_ms=since), (1, 2), 1)
    assert statement == again
    assert "%" not in statement, "PostgreSQL marks its parameters so"
