"""The weekly register: read, composed to statuses, and asked."""
