"""The enterprise's side: raise, follow, confirm, rate. 企业端"""
