"""Independent information systems, each behind its organisation's security server."""
