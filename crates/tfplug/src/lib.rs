//! The plugin side of Terraform's protocol 6.

