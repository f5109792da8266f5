terraform {
  required_version = ">= 1.14"

  required_providers {
    infisical = {
      source  = "terraform.local/openrouter/infisical"
      version = "~> 0.1"
    }
  }
}
