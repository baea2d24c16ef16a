"""Addresses of the population system: the citizen's page, the style sheet, and the operations at the root."""

from django.urls import path

from lienthong.systems.foundation.operations.interface import not_found
from lienthong.systems.foundation.ui.pages import failed_page, ui_urls
from lienthong.systems.population.provides.operations import api
from lienthong.systems.population.provides.soap import soap
from lienthong.systems.population.web.own_access import own_access

handler404 = not_found
handler500 = failed_page

urlpatterns = [
    path("own-access/<str:link>", own_access, name="own-access"),
    *ui_urls,
    path("soap", soap),
    path("", api.urls),
]
