resource "infisical_openrouter_rotation" "minimal" {
  name            = "minimal"
  project_id      = var.project_id
  connection_id   = var.connection_id
  environment     = "dev"
  secret_path     = "/"
  parameters      = { name = "minimal-key" }
  secrets_mapping = { api_key = "MINIMAL_KEY" }
}

resource "infisical_openrouter_rotation" "full" {
  name                  = "full"
  project_id            = var.project_id
  connection_id         = var.connection_id
  description           = "All attributes."
  environment           = "staging"
  secret_path           = "/app/"
  auto_rotation_enabled = false
  rotation_interval     = 7
  rotate_at_utc         = { hours = 3, minutes = 15 }
  parameters            = { name = "full-key", limit = 12.34, limit_reset = "weekly", include_byok_in_limit = true }
  secrets_mapping       = { api_key = "FULL_KEY" }
  rotation_triggers     = { release = "1" }
  on_destroy            = { delete_secrets = true }
}

resource "infisical_openrouter_rotation" "imported" {
  name            = "imported"
  project_id      = var.project_id
  connection_id   = var.connection_id
  environment     = "dev"
  secret_path     = "/app"
  parameters      = { name = "imported-key" }
  secrets_mapping = { api_key = "IMPORTED_KEY" }
}
