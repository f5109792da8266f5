# What all keys share. Each unit includes this file.

locals {
  environment = read_terragrunt_config(find_in_parent_folders("environment.hcl")).locals
  team        = basename(get_terragrunt_dir())
}

terraform {
  source = "${get_parent_terragrunt_dir()}/../modules//openrouter-key"
}

# The module leaves the provider's configuration to its caller. Its values come from the environment: INFISICAL_HOST, and
# INFISICAL_TOKEN or another login.
generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOT
    provider "infisical" {}
  EOT
}

# Where each unit keeps its state. Replace it with your own backend.
remote_state {
  backend = "local"
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
  config = {
    path = "${get_terragrunt_dir()}/terraform.tfstate"
  }
}

inputs = {
  project_id        = get_env("INFISICAL_PROJECT_ID")
  connection_id     = get_env("OPENROUTER_CONNECTION_ID")
  environment       = local.environment.name
  rotation_interval = local.environment.rotation_interval

  name        = "${local.team}-openrouter-key"
  key_name    = "${local.team}-${local.environment.name}"
  secret_name = "OPENROUTER_API_KEY_${upper(replace(local.team, "-", "_"))}"
}
