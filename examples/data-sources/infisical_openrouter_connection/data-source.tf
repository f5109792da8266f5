# A connection of the organization.
data "infisical_openrouter_connection" "team" {
  name = "openrouter"
}

variable "project_id" {
  type = string
}

resource "infisical_openrouter_rotation" "search" {
  name          = "search"
  project_id    = var.project_id
  connection_id = data.infisical_openrouter_connection.team.id
  environment   = "prod"
  secret_path   = "/app"

  parameters      = { name = "search" }
  secrets_mapping = { api_key = "SEARCH_OPENROUTER_API_KEY" }
}
