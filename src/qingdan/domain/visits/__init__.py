"""Outings, stops and findings: hearing problems at the front line. 走访"""
