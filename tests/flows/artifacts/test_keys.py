"""Keys of artifacts: what Prefect allows, and one for each run."""

from hypothesis import given
from hypothesis import strategies as st
from prefect.client.schemas.actions import ArtifactCreate

from gristmill.flows.artifacts.keys import artifact_key


def test_a_name_that_fits_is_the_key() -> None:
    assert artifact_key("night-1") == "night-1"


def test_names_that_differ_in_what_a_key_cannot_hold_have_keys_of_their_own() -> None:
    names = ["a-b", "a.b", "a_b", "A-B", "a--b", "a-b-", "run", "___", "ä", "Night_1 / ä", ""]
    assert len({artifact_key(name) for name in names}) == len(names)
    assert artifact_key("Night_1").startswith("night-1-")


@given(st.text())
def test_prefect_takes_any_key(run_id: str) -> None:
    key = f"progress-{artifact_key(run_id)}"
    assert ArtifactCreate(key=key).key == key
