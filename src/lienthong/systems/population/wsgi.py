"""The WSGI application of the population system."""

from django.core.handlers.wsgi import WSGIHandler

from lienthong.systems.foundation.process import ready_application


def application() -> WSGIHandler:
    """Build the application; says that it is ready, once it is."""
    return ready_application("population")
