"""The compiled search: the best receivers of each output, equal to scoring every pair, without doing so."""
