"""Files as people make them, built from Python so that every cell can be read and changed here."""
