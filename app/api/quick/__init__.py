"""Reads of the API answered in one go: the same functions, without the framework's steps between them."""
