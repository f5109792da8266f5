# Needs an Infisical: set INFISICAL_HOST and a login, TF_VAR_project_id and TF_VAR_connection_id. `terraform test` creates a key
# in the environment "dev", rotates it, and destroys it.

variables {
  name        = "openrouter-key-module-test"
  environment = "dev"
  secret_name = "OPENROUTER_KEY_MODULE_TEST"
  limit       = 0.5
}

run "create" {
  assert {
    condition     = output.secret == { environment = "dev", secret_path = "/", name = "OPENROUTER_KEY_MODULE_TEST" }
    error_message = "The output should say where the key is."
  }

  assert {
    condition     = infisical_openrouter_rotation.this.parameters.limit == 0.5
    error_message = "The limit should be the one that was given."
  }

  assert {
    condition     = output.active_index == 0 && output.next_rotation_at != null
    error_message = "The first key should be in use, and the next rotation scheduled."
  }
}

run "rotate" {
  variables {
    rotation_triggers = { incident = "1" }
  }

  assert {
    condition     = output.active_index == 1
    error_message = "The second key should be in use."
  }
}
