"""Laws are tried on the same examples at each run, and as slowly as the machine likes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("core", deadline=None, derandomize=True)
settings.load_profile("core")
