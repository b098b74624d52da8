"""The weekly path: shares by arm and week, and what is read from them."""
