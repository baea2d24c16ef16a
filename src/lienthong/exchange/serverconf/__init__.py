"""What one security server is told to do: settings as frozen values, and the decisions that follow from them."""
