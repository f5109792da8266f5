variable "project_id" {
  type = string
}

variable "openrouter_provisioning_key" {
  type      = string
  sensitive = true
}

# With any supported version; the key is stored in the state. This connection is for one project alone.
resource "infisical_openrouter_connection" "project" {
  name       = "openrouter"
  project_id = var.project_id
  api_key    = var.openrouter_provisioning_key
}
