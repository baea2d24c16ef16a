"""Which step would refuse a message, and why, found out without sending it.

``judge`` functions decide over gathered facts and do no I/O; ``gathering`` and ``probes`` collect the facts.
"""

from lienthong.exchange.security.explain.advice import Advice, advice_for
from lienthong.exchange.security.explain.inside import explain_inside
from lienthong.exchange.security.explain.outside import explain_outside
from lienthong.exchange.security.explain.verdicts import Explanation, Outcome, Question, Step, Verdict

__all__ = [
    "Advice",
    "Explanation",
    "Outcome",
    "Question",
    "Step",
    "Verdict",
    "advice_for",
    "explain_inside",
    "explain_outside",
]
