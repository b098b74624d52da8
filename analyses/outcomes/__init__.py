"""What is measured: each kind of outcome, looked up and estimated."""
