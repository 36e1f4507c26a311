"""What can somebody do? One verb, one transaction: may they, complete?, change, write down."""
