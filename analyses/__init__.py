"""Which question: the study file, the run and the results folder."""
