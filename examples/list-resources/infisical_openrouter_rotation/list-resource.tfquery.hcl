# terraform query -generate-config-out=rotations.tf
list "infisical_openrouter_rotation" "app" {
  provider = infisical

  config {
    project_id  = var.project_id
    environment = "dev"
    secret_path = "/app"
    recursive   = true
  }
}

# All of the project's rotations. The limit is 100 unless another one is given.
list "infisical_openrouter_rotation" "all" {
  provider         = infisical
  include_resource = true
  limit            = 1000

  config {
    project_id = var.project_id
  }
}
