output "secrets" {
  description = "Where each key is: the environment, the folder and the name of the secret."
  value       = { for name, key in module.key : name => key.secret }

  precondition {
    condition     = length(local.unknown_environments) == 0
    error_message = "The variable \"environments\" does not have these environments of teams: ${join(", ", local.unknown_environments)}."
  }
}

output "next_rotations" {
  description = "When each key is replaced next."
  value       = { for name, key in module.key : name => key.next_rotation_at }
}
