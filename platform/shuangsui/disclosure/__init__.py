"""Publications 公开: what the public sees of draws, lists, plans and results, with proof that it is there."""
