from lienthong.systems.population import services
from lienthong.systems.population.provides.operations import api
from lienthong.systems.population.web.wording import DATA_CLASSES, OPERATIONS


def test_citizens_read_words_for_everything_that_can_be_asked_and_given() -> None:
    document = api.get_openapi_schema(path_prefix="")
    operations = {op["operationId"] for methods in document["paths"].values() for op in methods.values()}
    assert set(OPERATIONS) == operations - {"health"}
    given = {services.IDENTITY, services.BASIC, services.RESIDENCE, services.HOUSEHOLD, services.ACCESS}
    assert set(DATA_CLASSES) == given
