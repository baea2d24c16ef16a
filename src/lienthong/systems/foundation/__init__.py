"""Plumbing that every system shares and no business rule: settings, access events, operations, pages, processes."""
