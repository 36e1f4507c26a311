"""Qingdan 清单: one enterprise, one list."""

__version__ = "0.1.0.dev0"
