"""What a security server repeats in the background so that it can speak: configuration, OCSP, timestamps."""
