"""Time to an event: durations, curves, competing causes and the effects read from them."""
