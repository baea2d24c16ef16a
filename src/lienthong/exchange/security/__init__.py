"""The security server: its two proxies, the cycles that keep it able to speak, and its processes."""
