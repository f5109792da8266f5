terraform {
  required_version = ">= 1.11"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}
