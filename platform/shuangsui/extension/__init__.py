"""Plugins 插件: find them, switch them on per tenant, and keep their failures their own."""
