"""The message log: what is recorded of every message, how it lies on disk, how it is timestamped and handed out.

Pure values and functions; files, databases and clocks live in ``exchange.adapters``. Nothing is delivered before the
log holds it durably. Source: message-path dossier s.5.
"""
