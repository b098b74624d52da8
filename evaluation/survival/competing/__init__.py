"""Incidence of competing events: curves of Aalen and Johansen and what is read from them."""

from evaluation.survival.competing.aalen_johansen import (
    EMPTY,
    AalenJohansen,
    aalen_johansen,
    area_to_horizon,
    at_horizon,
    event_table,
    from_counts,
)

__all__ = [
    "EMPTY",
    "AalenJohansen",
    "aalen_johansen",
    "area_to_horizon",
    "at_horizon",
    "event_table",
    "from_counts",
]
