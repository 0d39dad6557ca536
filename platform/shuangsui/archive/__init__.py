"""One authority as a file: everything the database and the disk hold of it, to be kept, moved or put back."""
