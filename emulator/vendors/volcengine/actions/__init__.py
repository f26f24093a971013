"""What Volcengine's actions do once a call has been accepted."""
