"""What could take a finding away: shocks, hidden bias, other specifications."""
