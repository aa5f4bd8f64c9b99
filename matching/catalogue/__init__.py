"""What the engine knows: resources, codes, synonyms, substitution rules, factors, with their sources.

Data files with a validating loader: adding a rule or a synonym is one row, no code.
"""
