//! The provider's process.

#[cfg(not(target_env = "musl"))]
use std::alloc::System as Heap;
use std::process::ExitCode;

#[cfg(target_env = "musl")]
use dlmalloc::GlobalDlmalloc as Heap;
use terraform_provider_infisical::provider::{ABOUT, Infisical};
use zeroizing_alloc::ZeroAlloc;

/// Overwrites memory before it is freed: a secret passes through buffers of many libraries, which do not do that themselves.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<Heap> = ZeroAlloc(Heap);

fn main() -> ExitCode {
    tfplug::main(&ABOUT, Infisical)
}
