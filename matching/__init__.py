"""The matching core: frozen dataclasses and arrays in, ranked and explained synergies out.

Pure: no web, no database, no network. See ``docs/architecture.md``.
"""
