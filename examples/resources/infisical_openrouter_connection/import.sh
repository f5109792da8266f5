# By the connection's id.
terraform import infisical_openrouter_connection.team 1f4c6a82-93d7-4c58-8e0b-5d2a7b9c3e61

# By its name, if it belongs to the organization.
terraform import infisical_openrouter_connection.team openrouter

# By its project and name, if it belongs to a project: <project_id>,<name>.
terraform import infisical_openrouter_connection.team 7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10,openrouter
