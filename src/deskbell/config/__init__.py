"""Settings, URLs and the WSGI entry: the only room that knows all others."""
