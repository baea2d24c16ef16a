"""Settings that know every system at once, for the type checker and tests across systems; no process uses them."""

from pathlib import Path

from lienthong.systems.foundation.configuration import SystemConfig

_SYSTEMS = Path(__file__).resolve().parents[1]

SECRET_KEY = "for type checking only"  # noqa: S105  # never serves anything
INSTALLED_APPS = [
    "lienthong.systems.foundation.access",
    "lienthong.systems.foundation.ui",
    *(
        f"lienthong.systems.{folder.parent.name}"
        for folder in sorted(_SYSTEMS.glob("*/apps.py"))
        if folder.parent.name != "foundation"
    ),
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
USE_I18N = False
SYSTEM = SystemConfig(data_folder=Path("unused"))
