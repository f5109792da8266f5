variable "project_id" {
  description = "The Infisical project's ID: Project Settings, General."
  type        = string
}

variable "connection_id" {
  description = "The ID of an app connection to OpenRouter that this project may use."
  type        = string
}

variable "environment" {
  description = "The slug of the environment that gets the secret."
  type        = string
  default     = "dev"
}

variable "monthly_limit" {
  description = "What the key may spend in a month, in US dollars."
  type        = number
  default     = 12.5
}
