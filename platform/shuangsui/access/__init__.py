"""Who may do what: users, their roles in a tenant, and the closed list of verbs that roles are made of."""
