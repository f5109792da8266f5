variable "openrouter_provisioning_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

# The provisioning key is stored neither in the plan nor in the state: with Terraform 1.11 or OpenTofu 1.11, or later.
resource "infisical_openrouter_connection" "team" {
  name        = "openrouter-team"
  description = "Issues the keys of the team's services."

  api_key_wo         = var.openrouter_provisioning_key
  api_key_wo_version = 1 # another number sends the key again
}

variable "project_id" {
  type = string
}

# The connection exists before the rotation, and the rotation is destroyed before the connection.
resource "infisical_openrouter_rotation" "search" {
  name          = "search"
  project_id    = var.project_id
  connection_id = infisical_openrouter_connection.team.id
  environment   = "prod"
  secret_path   = "/app"

  parameters      = { name = "search" }
  secrets_mapping = { api_key = "SEARCH_OPENROUTER_API_KEY" }
}
