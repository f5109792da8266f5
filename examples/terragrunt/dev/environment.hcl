locals {
  name              = "dev"
  rotation_interval = 90
}
