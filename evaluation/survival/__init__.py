"""Time to an event: durations, curves, competing risks, hazards."""
