"""Tables of places, and what builds them."""
