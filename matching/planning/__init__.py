"""Planners of mutualisation and of a territory's substitutions: a problem in, an answer to act on out."""
