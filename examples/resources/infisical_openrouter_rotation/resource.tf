variable "project_id" {
  type = string
}

variable "connection_id" {
  type = string
}

# Only the required arguments: replaced every 30 days at midnight UTC, without a limit.
resource "infisical_openrouter_rotation" "minimal" {
  name          = "minimal"
  project_id    = var.project_id
  connection_id = var.connection_id
  environment   = "dev"
  secret_path   = "/"

  parameters      = { name = "minimal" }
  secrets_mapping = { api_key = "MINIMAL_OPENROUTER_API_KEY" }
}

# All arguments.
resource "infisical_openrouter_rotation" "full" {
  name          = "search"
  description   = "The key that the search service calls OpenRouter with."
  project_id    = var.project_id
  connection_id = var.connection_id
  environment   = "prod"
  secret_path   = "/app"

  auto_rotation_enabled = true
  rotation_interval     = 7
  rotate_at_utc         = { hours = 3, minutes = 30 }

  parameters = {
    name                  = "search"
    limit                 = 12.5 # USD
    limit_reset           = "weekly"
    include_byok_in_limit = false
  }
  secrets_mapping = { api_key = "SEARCH_OPENROUTER_API_KEY" }

  # Another value replaces the key with the next apply.
  rotation_triggers = { release = "2026-11" }

  # The keys go on working after a destroy, until somebody revokes them at OpenRouter.
  on_destroy = { revoke_generated_credentials = false }
}
