"""The X-Road 7 protocol and its servers; knows nothing of Django."""
