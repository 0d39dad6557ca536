"""A whole year of one authority, simulated: what ``shuangsui journey`` plays."""
