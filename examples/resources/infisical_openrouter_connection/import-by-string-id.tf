import {
  to = infisical_openrouter_connection.team
  id = "1f4c6a82-93d7-4c58-8e0b-5d2a7b9c3e61"
}
