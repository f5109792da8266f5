# An OpenRouter API key that Infisical issues, stores as the secret OPENROUTER_API_KEY, and replaces every 30 days.

terraform {
  required_version = ">= 1.6"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}

# Reads INFISICAL_HOST and INFISICAL_TOKEN (or another login) from the environment.
provider "infisical" {}

resource "infisical_openrouter_rotation" "app" {
  name          = "app-openrouter-key"
  description   = "The key that the app calls OpenRouter with."
  project_id    = var.project_id
  connection_id = var.connection_id

  # Where the key is stored. Changing these makes a new rotation.
  environment = var.environment
  secret_path = "/"
  secrets_mapping = {
    api_key = "OPENROUTER_API_KEY"
  }

  # When it is replaced: every 30 days at 03:30 UTC.
  auto_rotation_enabled = true
  rotation_interval     = 30
  rotate_at_utc = {
    hours   = 3
    minutes = 30
  }

  # What the key may do at OpenRouter.
  parameters = {
    name                  = "app"
    limit                 = var.monthly_limit
    limit_reset           = "monthly"
    include_byok_in_limit = false
  }
}
