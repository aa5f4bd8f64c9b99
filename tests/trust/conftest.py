"""The long measurements of trust run on SQLite by default, and on both databases when all is asked for.

Row-level security, and every test of the API and of the tables, run on PostGIS in any case.
"""

from __future__ import annotations

import pytest

from tests.trust.shares import databases


@pytest.fixture(params=databases())
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test once for each database of the share."""
    return str(request.param)
