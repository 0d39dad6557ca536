"""Two chains per tenant, never mixed: the public draw log of srd-1 section 7, and the private ledger 台账 of every act.

A draw-log entry is also one ledger row. Neither is ever changed: what went wrong is added.
"""
