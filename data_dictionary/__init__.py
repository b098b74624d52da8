"""What every column means: tables, columns, codes, scales, missing kinds and sources."""
