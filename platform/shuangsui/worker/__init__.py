"""The process side of the outbox: who runs its rows, when, and what happens if they fail.

The database is the truth and the clock; a broker carries hints of which row is due and may lose or repeat them.
"""
