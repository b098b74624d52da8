"""What was collected: survey waves, case records and registers, and synthetic data with known truth."""
