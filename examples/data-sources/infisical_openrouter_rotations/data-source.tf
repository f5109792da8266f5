variable "project_id" {
  type = string
}

# All rotations of the project.
data "infisical_openrouter_rotations" "all" {
  project_id = var.project_id
}

# Those in /app and in the folders below it, in one environment.
data "infisical_openrouter_rotations" "app" {
  project_id  = var.project_id
  environment = "prod"
  secret_path = "/app"
  recursive   = true
}

output "names" {
  value = data.infisical_openrouter_rotations.all.rotations[*].name
}

output "without_limit" {
  value = [for rotation in data.infisical_openrouter_rotations.app.rotations : rotation.id if rotation.parameters.limit == null]
}
