"""Work groups: what is hung where enterprises and leaders can see it. 工作群"""
