"""fairdraw: draws that anyone can recompute. Protocol srd-1, standard library only."""
