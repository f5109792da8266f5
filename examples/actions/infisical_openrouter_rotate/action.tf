variable "rotation_id" {
  type = string
}

variable "release" {
  type    = string
  default = "2026-11"
}

# Replace the key now: terraform apply -invoke=action.infisical_openrouter_rotate.app
action "infisical_openrouter_rotate" "app" {
  config {
    rotation_id = var.rotation_id
  }
}

# Or replace it after each release.
resource "terraform_data" "release" {
  input = var.release

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.infisical_openrouter_rotate.app]
    }
  }
}
