import gc
from pathlib import Path

import pytest

from lab import LabError
from lab.database import Database


def test_a_database_that_is_away_is_one_sentence_and_leaves_no_socket_open(tmp_path: Path) -> None:
    """An open socket would end the run of the tests: every warning is an error there."""
    with pytest.raises(LabError, match="The database did not start: "):
        Database(tmp_path).wait_ready("secret")
    gc.collect()
