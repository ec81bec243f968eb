//! Keeps the memory of the process, which holds credentials, out of core dumps.
//!
//! A process that Terraform started calls [`refuse`] once; one that a developer started does not, so
//! that debuggers go on working. This module must not know what the memory holds.
//!
//! Specification: core(5), PR_SET_DUMPABLE(2const) and proc_pid(5) of Linux.

/// Writes no core dump from now on, whatever the shell that started Terraform allows.
///
/// On Linux the limit alone is not enough: it does not count where dumps are piped to a program. So
/// the process is marked as not to be dumped as well. That also keeps other processes of the same
/// user from attaching to it and from reading its memory and environment; root still can.
pub(super) fn refuse() {
    #[cfg(unix)]
    if let Err(error) = unix::refuse() {
        tracing::warn!(%error, "a crash of this process may leave its memory in a core dump");
    }
}

#[cfg(unix)]
mod unix {
    use std::io;

    use rustix::process::{Resource, Rlimit, setrlimit};

    pub(super) fn refuse() -> io::Result<()> {
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            use rustix::process::{DumpableBehavior, set_dumpable_behavior};
            set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        }
        Ok(())
    }
}
