"""What every column means: tables, columns, codes, scales, missing kinds and sources."""

from data_dictionary.code_lists import Code, CodeList, load_code_list
from data_dictionary.codebook import Codebook, editions, load
from data_dictionary.columns import Column
from data_dictionary.describe import describe
from data_dictionary.scales import Scale
from data_dictionary.tables import Table
from data_dictionary.violations import Violation, refuse

__all__ = [
    "Code",
    "CodeList",
    "Codebook",
    "Column",
    "Scale",
    "Table",
    "Violation",
    "describe",
    "editions",
    "load",
    "load_code_list",
    "refuse",
]
