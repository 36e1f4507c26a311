"""The phone in the leader's hand during a visit. 走访端"""
