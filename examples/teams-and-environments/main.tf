# A key for each team in each of its environments.

locals {
  keys = merge([
    for team, settings in var.teams : {
      for environment in settings.environments : "${team}-${environment}" => {
        team        = team
        environment = environment
        limit       = settings.monthly_limit * var.environments[environment].share_of_limit
      }
    }
  ]...)
}

module "key" {
  source   = "../modules/openrouter-key"
  for_each = local.keys

  name          = "${each.key}-openrouter-key"
  description   = "The key of the team ${each.value.team} in ${each.value.environment}."
  project_id    = var.project_id
  connection_id = var.connection_id
  environment   = each.value.environment
  secret_name   = "OPENROUTER_API_KEY_${upper(replace(each.value.team, "-", "_"))}"

  key_name          = each.key
  limit             = each.value.limit
  rotation_interval = var.environments[each.value.environment].rotation_interval
}
