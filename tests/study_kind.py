"""The lines by which a study file says what kind of study it is, for tests that write one."""

NOUN = '{ singular = "x", plural = "xs", definite = "the xs" }'
KIND = f"""design = "observational"
[study.words]
treated = {NOUN}
comparison = {NOUN}
unit = {NOUN}
"""
