"""What gateways and carriers call: the first document, the steps, recordings, configuration."""
