variable "project_id" {
  description = "The ID of the Infisical project."
  type        = string
}

variable "connection_id" {
  description = "The ID of an app connection to OpenRouter that the project may use."
  type        = string
}

variable "environments" {
  description = "For each environment, the share of a team's limit that a key in it gets, and the days between two rotations."
  type = map(object({
    share_of_limit    = number
    rotation_interval = number
  }))
  default = {
    dev     = { share_of_limit = 0.1, rotation_interval = 90 }
    staging = { share_of_limit = 0.2, rotation_interval = 90 }
    prod    = { share_of_limit = 1, rotation_interval = 30 }
  }
}

variable "teams" {
  description = "For each team, what its key in production may spend in a month, in US dollars, and the environments it works in."
  type = map(object({
    monthly_limit = number
    environments  = set(string)
  }))
  default = {
    search        = { monthly_limit = 100, environments = ["dev", "staging", "prod"] }
    support       = { monthly_limit = 12.5, environments = ["dev", "prod"] }
    data-platform = { monthly_limit = 250, environments = ["prod"] }
  }

  validation {
    condition     = alltrue([for team in values(var.teams) : team.monthly_limit > 0])
    error_message = "The limit of each team must be more than 0."
  }
}
