"""What is known of each action, how it is known, and what was really tried."""
