"""What the register offers over the exchange; ``openapi.json`` beside this file is its only shared truth."""
