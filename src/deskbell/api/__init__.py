"""What other programs call: gateways and carriers, links in messages, and the REST APIs."""
