terraform {
  required_version = ">= 1.6"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}

# Reads INFISICAL_HOST and INFISICAL_TOKEN (or another login) from the environment.
provider "infisical" {}
