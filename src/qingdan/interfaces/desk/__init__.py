"""The service desk and the units that do the work. 专班、部门"""
