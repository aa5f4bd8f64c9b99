"""Measures of the engine beside a plain reference, on generated territories."""
