"""Risk sets: partners among those still at risk at the same time."""
