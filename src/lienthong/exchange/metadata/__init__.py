"""What a security server tells about itself: clients, services, service descriptions. Pure."""
