output "secrets" {
  description = "Where each key is: the environment, the folder and the name of the secret."
  value       = { for name, key in module.key : name => key.secret }
}

output "next_rotations" {
  description = "When each key is replaced next."
  value       = { for name, key in module.key : name => key.next_rotation_at }
}
