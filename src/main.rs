//! The provider's process.

use std::alloc::System;
use std::process::ExitCode;

use terraform_provider_infisical::provider::{ABOUT, Infisical};
use zeroizing_alloc::ZeroAlloc;

/// Overwrites memory before it is freed: a secret passes through buffers of many libraries, which do not do that themselves.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    tfplug::main(&ABOUT, Infisical)
}
