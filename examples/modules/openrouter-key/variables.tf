variable "name" {
  description = "The rotation's name in Infisical, unique within its folder: lower-case letters, digits and single hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 64
    error_message = "The name must have at most 64 characters: lower-case letters, digits and single hyphens inside."
  }
}

variable "project_id" {
  description = "The ID of the Infisical project."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.project_id) != ""
    error_message = "The project's ID must not be empty."
  }
}

variable "connection_id" {
  description = "The ID of the OpenRouter app connection that issues the key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", trimspace(var.connection_id)))
    error_message = "The connection's ID must be a UUID."
  }
}

variable "environment" {
  description = "The slug of the environment that gets the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+(-[a-z0-9]+)*$", var.environment)) && length(var.environment) <= 64
    error_message = "The environment must be a slug of at most 64 characters, such as \"prod\"."
  }
}

variable "secret_path" {
  description = "The folder of the secret. It must exist."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(/|(/[A-Za-z0-9_-]+)+/*)$", var.secret_path))
    error_message = "The path must begin with /, and its segments must consist of letters, digits, - and _."
  }
}

variable "secret_name" {
  description = "The name of the secret that holds the key."
  type        = string
  default     = "OPENROUTER_API_KEY"
  nullable    = false

  validation {
    condition     = can(regex("^[^/:]{1,500}$", var.secret_name))
    error_message = "The secret's name must have 1 to 500 characters, without / and :."
  }
}

variable "description" {
  description = "What the key is for, as shown in Infisical."
  type        = string
  default     = null

  validation {
    condition     = length(coalesce(var.description, "-")) <= 255
    error_message = "The description must have at most 255 characters."
  }
}

variable "key_name" {
  description = "The key's name at OpenRouter. Default: the rotation's name."
  type        = string
  default     = null

  validation {
    condition     = length(coalesce(var.key_name, "-")) <= 100
    error_message = "The key's name must have at most 100 characters."
  }
}

variable "limit" {
  description = "What the key may spend between two resets, in US dollars. Default: no limit."
  type        = number
  default     = null

  validation {
    condition     = coalesce(var.limit, 1) > 0
    error_message = "The limit must be more than 0. Leave it out for a key without a limit."
  }
}

variable "limit_reset" {
  description = "How often the limit starts anew: \"daily\", \"weekly\", \"monthly\" or \"never\"."
  type        = string
  default     = "monthly"
  nullable    = false

  validation {
    condition     = contains(["daily", "weekly", "monthly", "never"], var.limit_reset)
    error_message = "The reset must be \"daily\", \"weekly\", \"monthly\" or \"never\"."
  }
}

variable "include_byok_in_limit" {
  description = "Whether what is spent with your own provider keys counts towards the limit."
  type        = bool
  default     = false
  nullable    = false
}

variable "rotation_interval" {
  description = "The days between two rotations. Null: the key is replaced only when `rotation_triggers` change."
  type        = number
  default     = 30

  validation {
    condition = alltrue([
      coalesce(var.rotation_interval, 30) >= 1,
      coalesce(var.rotation_interval, 30) <= 1000000,
      floor(coalesce(var.rotation_interval, 30)) == coalesce(var.rotation_interval, 30),
    ])
    error_message = "The interval must be a whole number of days from 1 to 1,000,000."
  }
}

variable "rotate_at_utc" {
  description = "The time of day, in UTC, at which the key is replaced."
  type = object({
    hours   = optional(number, 0)
    minutes = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      contains(range(24), var.rotate_at_utc.hours),
      contains(range(60), var.rotate_at_utc.minutes),
    ])
    error_message = "The hours must be from 0 to 23 and the minutes from 0 to 59."
  }
}

variable "rotation_triggers" {
  description = "Any values. When one of them changes, the key is replaced at once."
  type        = map(string)
  default     = null
}

variable "keep_secret_on_destroy" {
  description = "Whether the secret stays in Infisical when the rotation is destroyed. Its name is then taken."
  type        = bool
  default     = false
  nullable    = false
}

variable "keep_keys_on_destroy" {
  description = "Whether the keys stay live at OpenRouter when the rotation is destroyed."
  type        = bool
  default     = false
  nullable    = false
}
