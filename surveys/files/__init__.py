"""Files as they come: formats, encodings, labels, identifiers and where each came from."""
