"""Pools: sites that share the same need or the same surplus."""
