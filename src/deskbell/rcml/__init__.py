"""RCML, the language that the attendant writes and the gateway reads."""
