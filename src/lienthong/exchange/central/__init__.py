"""The central server (máy chủ trung tâm): keeps the registry of an instance and publishes its global configuration."""
