"""Whether curves are equal: tests of two or more groups."""
