"""Territories too large for one object a flow: each text once, the rest as columns of numbers."""
