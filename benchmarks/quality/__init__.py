"""``python -m benchmarks.quality``: how well words, outlets and synergies are understood."""
