"""Drawing: result pictures made from their descriptions, away from the event loop."""
