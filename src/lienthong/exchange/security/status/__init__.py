"""How a security server stands, for those who look after it: a page, health for machines, figures for monitoring."""

from lienthong.exchange.security.status.door import status_door
from lienthong.exchange.security.status.summary import summarize
from lienthong.exchange.security.status.watch import Watch

__all__ = ["Watch", "status_door", "summarize"]
