"""Units, posts and persons, and who acts in which post. 单位、干部"""
