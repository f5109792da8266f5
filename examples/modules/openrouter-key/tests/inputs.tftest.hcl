# Needs no Infisical: the provider is mocked. `terraform test` from Terraform 1.7, `tofu test` from OpenTofu 1.8.

mock_provider "infisical" {}

variables {
  name          = "search"
  project_id    = "7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10"
  connection_id = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f"
  environment   = "prod"
}

run "a_key_with_the_defaults" {
  command = plan

  assert {
    condition     = infisical_openrouter_rotation.this.parameters.name == "search"
    error_message = "The key should have the rotation's name."
  }

  assert {
    condition     = infisical_openrouter_rotation.this.secrets_mapping.api_key == "OPENROUTER_API_KEY"
    error_message = "The secret should have its default name."
  }

  assert {
    condition     = infisical_openrouter_rotation.this.auto_rotation_enabled && infisical_openrouter_rotation.this.rotation_interval == 30
    error_message = "The key should be replaced every 30 days."
  }

  assert {
    condition     = infisical_openrouter_rotation.this.on_destroy.delete_secrets && infisical_openrouter_rotation.this.on_destroy.revoke_generated_credentials
    error_message = "A destroy should leave nothing behind."
  }
}

run "a_key_with_a_limit_and_without_a_schedule" {
  command = plan

  variables {
    key_name               = "search team"
    limit                  = 12.34
    limit_reset            = "weekly"
    rotation_interval      = null
    keep_secret_on_destroy = true
  }

  assert {
    condition     = infisical_openrouter_rotation.this.parameters.limit == 12.34 && infisical_openrouter_rotation.this.parameters.limit_reset == "weekly"
    error_message = "The limit should be the one that was given."
  }

  assert {
    condition     = infisical_openrouter_rotation.this.parameters.name == "search team"
    error_message = "The key should have its own name."
  }

  assert {
    condition     = !infisical_openrouter_rotation.this.auto_rotation_enabled
    error_message = "Without an interval, nothing should be scheduled."
  }

  assert {
    condition     = !infisical_openrouter_rotation.this.on_destroy.delete_secrets
    error_message = "The secret should stay."
  }
}

run "values_that_infisical_does_not_accept" {
  command = plan

  variables {
    name              = "Search Team"
    description       = "Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long. Too long."
    connection_id     = "openrouter"
    environment       = "Production"
    secret_path       = "app"
    secret_name       = "app/key"
    limit             = 0
    limit_reset       = "yearly"
    rotation_interval = 0.5
    rotate_at_utc     = { hours = 24 }
  }

  expect_failures = [
    var.name,
    var.description,
    var.connection_id,
    var.environment,
    var.secret_path,
    var.secret_name,
    var.limit,
    var.limit_reset,
    var.rotation_interval,
    var.rotate_at_utc,
  ]
}
