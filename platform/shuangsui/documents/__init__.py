"""Official forms 文书: what each says, how it looks on paper, and which were issued under which number."""
