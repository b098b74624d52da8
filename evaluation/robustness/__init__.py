"""What could take a finding away: what is asked, what is answered, and what is left of it."""
