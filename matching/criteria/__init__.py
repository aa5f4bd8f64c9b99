"""The five criteria, each in [0, 1]: material, quantity, timing, distance, quality."""
