"""Issue, task and responsibility: the three lists, their clocks and their life. 三个清单"""
