"""Function-style operations behind a security server: the caller, the refusals, and the interface with its document."""
