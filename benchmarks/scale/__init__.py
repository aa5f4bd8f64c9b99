"""The engine at a hundred thousand and a million flows, beside what people use today."""
