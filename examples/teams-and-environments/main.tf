# A key for each team in each of its environments.

locals {
  keys = merge([
    for team, settings in var.teams : {
      for environment in setintersection(settings.environments, keys(var.environments)) : "${team}/${environment}" => {
        team        = team
        environment = environment
        limit       = settings.monthly_limit * var.environments[environment].share_of_limit
      }
    }
  ]...)

  # The output "secrets" refuses a plan in which there are any.
  unknown_environments = setsubtract(flatten([for team in values(var.teams) : tolist(team.environments)]), keys(var.environments))
}

module "key" {
  source   = "../modules/openrouter-key"
  for_each = local.keys

  name          = "${each.value.team}-openrouter-key"
  description   = "The key of the team ${each.value.team} in ${each.value.environment}."
  project_id    = var.project_id
  connection_id = var.connection_id
  environment   = each.value.environment
  secret_name   = "OPENROUTER_API_KEY_${upper(replace(each.value.team, "-", "_"))}"

  key_name          = each.key
  limit             = each.value.limit
  rotation_interval = var.environments[each.value.environment].rotation_interval
}
