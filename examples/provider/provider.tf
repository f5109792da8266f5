terraform {
  required_version = ">= 1.6"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}

# With the client id and secret of a machine identity. Left out, they are read from INFISICAL_UNIVERSAL_AUTH_CLIENT_ID and
# INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET; the address from INFISICAL_HOST.
provider "infisical" {
  host = var.infisical_host
  auth = {
    universal = {
      client_id     = var.client_id
      client_secret = var.client_secret
    }
  }
}

variable "infisical_host" {
  description = "https://us.infisical.com, https://eu.infisical.com, or your own."
  type        = string
}

variable "client_id" {
  type = string
}

variable "client_secret" {
  type      = string
  sensitive = true
}
