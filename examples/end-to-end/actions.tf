# Needs Terraform 1.14. Replaces one team's key now:
#
#   terraform apply -invoke='action.infisical_openrouter_rotate.team["search"]'
action "infisical_openrouter_rotate" "team" {
  for_each = infisical_openrouter_rotation.team

  config {
    rotation_id = each.value.id
  }
}
