"""The server: the atlas over HTTP."""
