"""What any product could use; knows no enterprise and no department."""
