"""Which effect: comparison groups, effects and inference that is honest about few clusters."""
