//! The dynamic linker that a program for Linux needs, which a program header of the type
//! PT_INTERP names.
//!
//! Format: ELF-64 Object File Format, version 1.5, sections 2 and 6. Numbers are little
//! endian on every platform that has releases.

use xtask_step::outcome::{Outcome, fail};

const MAGIC: &[u8] = b"\x7fELF";
const CLASS_64_LITTLE_ENDIAN: &[u8] = &[2, 1];
const PT_INTERP: usize = 3;

/// The dynamic linker of a program; `None` if the program is static.
pub(super) fn interpreter(program: &[u8]) -> Outcome<Option<String>> {
    let is_elf = program.starts_with(MAGIC) && program.get(4..6) == Some(CLASS_64_LITTLE_ENDIAN);
    match is_elf.then(|| search(program)).flatten() {
        Some(found) => Ok(found),
        None => fail("the program is no complete 64-bit ELF file"),
    }
}

/// Searches the program headers; `None` if the file ends too early.
fn search(program: &[u8]) -> Option<Option<String>> {
    let table = number(program, 32, 8)?;
    let (size, count) = (number(program, 54, 2)?, number(program, 56, 2)?);
    for index in 0..count {
        let header = table.checked_add(index * size)?;
        if number(program, header, 4)? == PT_INTERP {
            let start = number(program, header.checked_add(8)?, 8)?;
            let length = number(program, header.checked_add(32)?, 8)?;
            let path = program.get(start..start.checked_add(length)?)?;
            return Some(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Some(None)
}

/// The number in `size` bytes at an offset.
fn number(program: &[u8], offset: usize, size: usize) -> Option<usize> {
    let bytes = program.get(offset..offset.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one program header of a type, and a path behind it.
    fn elf(header_type: u8) -> Vec<u8> {
        let path = b"/lib/ld.so\0";
        let mut file = vec![0; 64 + 56];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[32] = 64;
        file[54] = 56;
        file[56] = 1;
        file[64] = header_type;
        file[64 + 8] = 64 + 56;
        file[64 + 32] = path.len() as u8;
        file.extend_from_slice(path);
        file
    }

    #[test]
    fn distinguishes_dynamic_from_static_programs() {
        assert_eq!(interpreter(&elf(3)).unwrap(), Some("/lib/ld.so".to_owned()));
        assert_eq!(interpreter(&elf(1)).unwrap(), None);
    }

    #[test]
    fn refuses_a_file_that_is_no_program_or_ends_early() {
        let whole = elf(3);
        for length in [0, 5, 40, 100, whole.len() - 1] {
            assert!(interpreter(&whole[..length]).is_err(), "{length}");
        }
        assert!(interpreter(b"#!/bin/sh").is_err());
    }
}
