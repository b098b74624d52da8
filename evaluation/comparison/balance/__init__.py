"""Balance: how alike the arms are, in numbers, words and pictures."""
