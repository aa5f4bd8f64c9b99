"""Tables of the words people use in their files."""
