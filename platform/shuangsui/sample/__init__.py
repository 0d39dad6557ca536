"""Synthetic registries for demonstrations, tests and load: a pure function of (scene, row number).

Row i depends on the scene and i alone, so a longer registry begins with the shorter one, and any row can be
made without its predecessors. Nothing here is a real firm or person: every name ends in (模拟), every
code and certificate carries the marker ``MX``.
"""
