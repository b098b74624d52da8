"""What the reader sees: the Danish report, its rendering, and the command line."""
