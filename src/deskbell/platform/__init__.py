"""What every Django room needs: tenancy, jobs, hooks, versions of what pages show."""
