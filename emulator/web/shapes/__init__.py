"""What the administration is asked and answers: every JSON document of it, as a type."""
