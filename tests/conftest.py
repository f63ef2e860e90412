"""What has to be there before the first test runs."""

import pytest

from lab.mysql import TREE
from lab.tree import MYSQL, ensure_tree


def pytest_collection_finish(session: pytest.Session) -> None:
    """Build the tree of MySQL before end-to-end tests of this process leave the network."""
    if any("[mysql" in item.nodeid for item in session.items):
        ensure_tree(TREE, MYSQL)
