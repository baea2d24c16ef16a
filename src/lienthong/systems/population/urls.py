"""Addresses of the population system: the citizen's page, the style sheet, and the operations at the root."""

from django.urls import path

from lienthong.systems.foundation.ui.pages import failed_page, not_found_page, ui_urls
from lienthong.systems.population.provides.operations import api
from lienthong.systems.population.web.own_access import own_access

handler404 = not_found_page
handler500 = failed_page

urlpatterns = [
    path("own-access/<str:key>", own_access, name="own-access"),
    *ui_urls,
    path("", api.urls),
]
