# Needs Terraform 1.14. Finds the rotations of the environment, and writes their configuration:
#
#   terraform query -generate-config-out=found.tf
list "infisical_openrouter_rotation" "all" {
  provider = infisical

  config {
    project_id  = var.project_id
    environment = var.environment
  }
}
