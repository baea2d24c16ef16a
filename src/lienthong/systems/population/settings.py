"""Django settings of the population system, made of the configuration file the environment names.

Read once, when Django first asks for a setting: the one module whose import reads the environment.
"""

from lienthong.systems.foundation.configuration import read_config
from lienthong.systems.foundation.process import config_path
from lienthong.systems.foundation.settings import django_settings

globals().update(
    django_settings(read_config(config_path(), system="population"), system="lienthong.systems.population")
)
