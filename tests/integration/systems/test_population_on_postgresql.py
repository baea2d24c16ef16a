import json
from pathlib import Path

import pytest
from tests.integration.systems.population_process import HEADERS, running_population
from tests.integration.systems.postgresql_cluster import postgresql

pytestmark = [pytest.mark.sockets, pytest.mark.system]

DATABASE = '[database]\nengine = "postgresql"\nname = "population"\nuser = "population"\nhost = "{host}"'
CHANGES = ["UPDATE access_event SET client = ''", "DELETE FROM access_event", "TRUNCATE access_event"]


def test_the_same_system_runs_on_postgresql_and_events_stay_append_only(tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg")
    with postgresql() as socket_folder:
        database = (
            f'[database]\nengine = "postgresql"\nname = "population"\nuser = "population"\nhost = "{socket_folder}"'
        )
        with running_population(tmp_path, as_of="2020-08-31", more=database) as system:
            number = system.command("own_access_links", "--first", "1").split()[0]
            assert system.get(f"/persons/{number}", **HEADERS)[0] == 200
            household = json.loads(system.get(f"/persons/{number}/household", **HEADERS)[1])
            assert household["members"][0]["relation"]["code"] == "head"
            events = json.loads(system.get(f"/persons/{number}/access-events", **HEADERS)[1])["events"]
            assert [event["operation"] for event in events] == ["look_up_household", "look_up_person"]
        connection = psycopg.connect(host=str(socket_folder), user="population", dbname="population")
        with connection:
            for statement in (
                "UPDATE access_event SET client = ''",
                "DELETE FROM access_event",
                "TRUNCATE access_event",
            ):
                with pytest.raises(psycopg.errors.RaiseException):
                    connection.execute(statement)
                connection.rollback()
        connection.close()
