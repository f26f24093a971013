"""Live moderation: pictures of what is streamed, for people to look at while it is on."""
