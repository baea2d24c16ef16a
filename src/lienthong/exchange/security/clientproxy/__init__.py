"""The consumer's side: from an information system's request to the provider's security server and back."""
