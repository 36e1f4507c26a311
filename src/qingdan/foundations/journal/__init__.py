"""Append-only facts chained by hash: who did what to which record. 留痕"""
