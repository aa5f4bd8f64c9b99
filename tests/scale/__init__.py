"""The scale bench."""
