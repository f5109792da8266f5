output "rotation_ids" {
  description = "Each team's rotation; `terraform import` takes these IDs."
  value       = { for team, rotation in infisical_openrouter_rotation.team : team => rotation.id }
}
