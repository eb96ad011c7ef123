"""Google Text-to-Speech, hosted."""
