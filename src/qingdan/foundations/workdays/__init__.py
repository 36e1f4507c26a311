"""Official working days as data, and deadlines that explain themselves. 工作日"""
