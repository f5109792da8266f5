variable "provisioning_key" {
  description = "The OpenRouter provisioning key with which Infisical issues keys. Give it as TF_VAR_provisioning_key."
  type        = string
  ephemeral   = true
}

variable "project_id" {
  description = "The Infisical project's ID: Project Settings, General."
  type        = string
}

variable "environment" {
  description = "The slug of the environment that gets the secrets."
  type        = string
  default     = "prod"
}

variable "monthly_limits" {
  description = "What each team may spend in a month, in US dollars."
  type        = map(number)
  default = {
    search  = 25
    support = 12.5
    billing = 5
  }
}

variable "service_url" {
  description = "The address of the service that uses the keys."
  type        = string
}
