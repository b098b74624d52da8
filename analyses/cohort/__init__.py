"""Who is compared: rows at time zero, and who was lost on the way."""
