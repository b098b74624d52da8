"""Case records and paid hours, and the first event in them."""
