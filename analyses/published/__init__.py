"""What may leave: result tables, and the rules that protect them."""
