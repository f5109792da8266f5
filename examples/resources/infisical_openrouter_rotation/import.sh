# By the rotation's id.
terraform import infisical_openrouter_rotation.minimal 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f

# By its place: <project_id>,<environment>,<secret_path>,<name>.
terraform import infisical_openrouter_rotation.minimal '7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10,dev,/,minimal'
