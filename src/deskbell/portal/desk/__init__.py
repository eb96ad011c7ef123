"""The desk's pages: where receptionists answer, and where the operator sees and steers them."""
