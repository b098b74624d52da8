"""The files of a study, read through the dictionary into tables."""
