output "id" {
  description = "The rotation's ID. Ephemeral resources and actions take it as `rotation_id`."
  value       = infisical_openrouter_rotation.this.id
}

output "secret" {
  description = "Where the key is: the environment, the folder and the name of the secret."
  value = {
    environment = infisical_openrouter_rotation.this.environment
    secret_path = infisical_openrouter_rotation.this.secret_path
    name        = infisical_openrouter_rotation.this.secrets_mapping.api_key
  }
}

output "active_index" {
  description = "0 or 1. It changes at each rotation, so it can trigger what has to follow one."
  value       = infisical_openrouter_rotation.this.active_index
}

output "last_rotated_at" {
  description = "When the key was last replaced."
  value       = infisical_openrouter_rotation.this.last_rotated_at
}

output "next_rotation_at" {
  description = "When the key is replaced next; null without a schedule."
  value       = infisical_openrouter_rotation.this.next_rotation_at
}
