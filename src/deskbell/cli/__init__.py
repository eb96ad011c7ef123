"""What a person types: `./deskbell up`, `test`, `check` and the rest, one module per command."""
