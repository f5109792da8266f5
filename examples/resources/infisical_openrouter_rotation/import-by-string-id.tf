import {
  to = infisical_openrouter_rotation.minimal
  id = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f"
}
