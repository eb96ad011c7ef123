"""The call flow: what callers of a system meet, as a picture, as a list, and part by part."""
