"""A draw's life around the kernel (articles 8 to 10): freeze, commit, event, reveal, result, replace, abandon."""
