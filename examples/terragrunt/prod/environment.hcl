locals {
  name              = "prod"
  rotation_interval = 30
}
