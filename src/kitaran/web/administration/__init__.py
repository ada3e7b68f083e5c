"""The rooms of an administrator: people, operators, tokens, sessions, audit."""
