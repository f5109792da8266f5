variable "rotation_id" {
  type = string
}

# Read in each run, and stored nowhere.
ephemeral "infisical_openrouter_rotation_credentials" "app" {
  rotation_id = var.rotation_id
}

# Ephemeral values can be given to provisioners, to provider blocks and to write-only arguments.
resource "terraform_data" "deploy" {
  provisioner "local-exec" {
    command = "test -n \"$OPENROUTER_API_KEY\""
    environment = {
      OPENROUTER_API_KEY = ephemeral.infisical_openrouter_rotation_credentials.app.api_key
    }
  }
}
