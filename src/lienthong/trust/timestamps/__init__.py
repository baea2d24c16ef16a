"""RFC 3161 timestamps (dấu thời gian): asking, issuing and judging tokens."""

from lienthong.trust.timestamps.issuing import TokenDetails, issue_reply, issue_token, rejection
from lienthong.trust.timestamps.judgement import TimestampVerdict, judge_token
from lienthong.trust.timestamps.queries import TimestampQuery, build_query, parse_query, read_reply
from lienthong.trust.timestamps.tokens import TimestampToken, parse_token, with_certificate

__all__ = [
    "TimestampQuery",
    "TimestampToken",
    "TimestampVerdict",
    "TokenDetails",
    "build_query",
    "issue_reply",
    "issue_token",
    "judge_token",
    "parse_query",
    "parse_token",
    "read_reply",
    "rejection",
    "with_certificate",
]
