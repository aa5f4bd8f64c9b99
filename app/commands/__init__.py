"""The commands of ``entreflux``, one module a subject, each with a ``register`` function."""
