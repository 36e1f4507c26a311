"""Open matters by light, unit and park, and the three lists on paper. 调度、督查"""
