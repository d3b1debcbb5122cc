"""The base of every client of an outside service. Knows no service, no project and no database."""
