# The provider is configured by the calling module.
resource "infisical_openrouter_rotation" "this" {
  name          = var.name
  description   = var.description
  project_id    = var.project_id
  connection_id = var.connection_id

  environment = var.environment
  secret_path = var.secret_path
  secrets_mapping = {
    api_key = var.secret_name
  }

  auto_rotation_enabled = var.rotation_interval != null
  rotation_interval     = var.rotation_interval
  rotate_at_utc         = var.rotate_at_utc
  rotation_triggers     = var.rotation_triggers

  parameters = {
    name                  = coalesce(var.key_name, var.name)
    limit                 = var.limit
    limit_reset           = var.limit_reset
    include_byok_in_limit = var.include_byok_in_limit
  }

  on_destroy = {
    delete_secrets               = !var.keep_secret_on_destroy
    revoke_generated_credentials = !var.keep_keys_on_destroy
  }
}
