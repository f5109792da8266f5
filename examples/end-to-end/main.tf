# From the provisioning key to keys in use: a connection, a rotation for each team, and a service that is given each team's key
# again after every rotation. No key is in the state, in a plan or in a file.

terraform {
  required_version = ">= 1.11"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}

# Reads INFISICAL_HOST and INFISICAL_TOKEN (or another login) from the environment.
provider "infisical" {}

resource "infisical_openrouter_connection" "this" {
  name = "openrouter-teams"

  # Sent to Infisical and stored nowhere. To send another key, raise the version, too.
  api_key_wo         = var.provisioning_key
  api_key_wo_version = 1
}

resource "infisical_openrouter_rotation" "team" {
  for_each = var.monthly_limits

  name          = "${each.key}-openrouter-key"
  project_id    = var.project_id
  connection_id = infisical_openrouter_connection.this.id
  environment   = var.environment
  secret_path   = "/"

  parameters = {
    name        = each.key
    limit       = each.value
    limit_reset = "monthly"
  }
  secrets_mapping = {
    api_key = "OPENROUTER_API_KEY_${upper(replace(each.key, "-", "_"))}"
  }
}

# Read from Infisical in each run, and forgotten at its end.
ephemeral "infisical_openrouter_rotation_credentials" "team" {
  for_each = infisical_openrouter_rotation.team

  rotation_id = each.value.id
}

# Gives each team's key to the service, and again whenever it was rotated.
resource "terraform_data" "handover" {
  for_each = infisical_openrouter_rotation.team

  triggers_replace = [each.value.id, each.value.active_index]

  provisioner "local-exec" {
    command = "python3 '${path.module}/handover.py'"
    environment = {
      SERVICE_URL = var.service_url
      TEAM        = each.key
      API_KEY     = ephemeral.infisical_openrouter_rotation_credentials.team[each.key].api_key
    }
  }
}
