"""The web faces: the chat, the case pages and the HTTP interface, all in one application."""
