output "id" {
  description = "The rotation's ID; `terraform import` takes it."
  value       = infisical_openrouter_rotation.app.id
}

output "next_rotation_at" {
  description = "When the key is replaced next."
  value       = infisical_openrouter_rotation.app.next_rotation_at
}
