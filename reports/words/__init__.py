"""Danish words: numbers, names, and sentences made from estimates."""
