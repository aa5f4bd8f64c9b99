"""Figures, sizes, formats and treatments that both sides say in words: what a need refuses by them."""
