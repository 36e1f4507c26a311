"""What people think of the work: suggestions about the product and the desk, answered. 评价"""
