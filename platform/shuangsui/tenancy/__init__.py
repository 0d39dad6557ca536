"""Tenants 租户: the authorities, read from the folder tree of ``tenants/``, and the scope of the current one."""
