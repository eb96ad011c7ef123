"""How the deployment is, part by part, in words."""
