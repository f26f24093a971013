"""Whatever bytes arrive, the vendor's own answer comes at once, and other callers do not notice.

Requests are written byte by byte, because a client library is too polite to send them.
"""
