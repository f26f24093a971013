"""A classroom service: lessons are recorded, become films, and leave pictures of the whiteboard."""
