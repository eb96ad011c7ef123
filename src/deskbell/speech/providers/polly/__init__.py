"""Amazon Polly, hosted."""
