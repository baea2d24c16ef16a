"""The provider's side: from another security server's message to the service and back."""
