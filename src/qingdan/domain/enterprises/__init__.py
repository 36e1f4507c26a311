"""Subjects, their contacts, and the leaders who keep in touch with them. 企业、园区、联系"""
