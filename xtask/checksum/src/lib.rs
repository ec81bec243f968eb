//! SHA-256 sums in the form in which releases publish them: one line a file,
//! the sum in hexadecimal, two spaces, the name.

use sha2::{Digest, Sha256};

/// The sum of a file's content.
#[must_use]
pub fn of(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line of a file.
#[must_use]
pub fn line(name: &str, content: &[u8]) -> String {
    format!("{}  {name}\n", of(content))
}

/// The sum that `lines` give for a file.
#[must_use]
pub fn find<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = lines.lines().filter_map(|line| line.split_once(char::is_whitespace));
    // A star before the name says that the file was read as binary.
    pairs.find(|(_, rest)| rest.trim().trim_start_matches('*') == name).map(|(sum, _)| sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_the_whole_name() {
        let lines = format!("{}{}", line("a.zip.asc", b"signature"), line("a.zip", b"archive"));
        assert_eq!(find(&lines, "a.zip"), Some(of(b"archive").as_str()));
        assert_eq!(find(&lines, "zip"), None);
        assert_eq!(find("0123 *a.zip\n", "a.zip"), Some("0123"));
    }

    #[test]
    fn the_sum_is_the_one_that_sha256sum_prints() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of(b""), empty);
    }
}
