"""名录库: inspection objects, inspectors, experts and interests (第六条); import with every fault at once."""
