variable "project_id" {
  type = string
}

# By its name and place.
data "infisical_openrouter_rotation" "search" {
  name        = "search"
  project_id  = var.project_id
  environment = "prod"
  secret_path = "/app"
}

# By its id.
data "infisical_openrouter_rotation" "by_id" {
  id = data.infisical_openrouter_rotation.search.id
}

output "next_rotation_at" {
  value = data.infisical_openrouter_rotation.search.next_rotation_at
}

# Warns in each plan while the last rotation of the key has failed.
check "the_key_is_rotated" {
  assert {
    condition     = data.infisical_openrouter_rotation.by_id.rotation_status != "failed"
    error_message = "The last rotation failed."
  }
}
