//! Words of a fixed vocabulary, such as the names of types and the keys of a map:
//! spellings that count as the same, and slips.

/// The most edits after which a word is still taken for a slip of a long word.
const MOST_EDITS: usize = 2;

/// Returns true if two words differ in nothing but case and in `-` for `_`.
#[must_use]
pub fn same_word(one: &str, other: &str) -> bool {
    one.chars().map(folded).eq(other.chars().map(folded))
}

/// The word that was probably meant by one that is not known: one that differs in a
/// slip or two, in its separators or white space, or the only one that begins or ends
/// with it.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = bare(word);
    let known: Vec<(&str, String)> = known.into_iter().map(|each| (each, bare(each))).collect();
    let distances = known
        .iter()
        .map(|(name, bare)| (strsim::osa_distance(&written, bare), most_edits(bare), *name));
    let slip = distances.filter(|(distance, most, _)| distance <= most).min();
    let only = |fits: fn(&str, &str) -> bool, least: usize| {
        let mut longer = known.iter().filter(|(_, bare)| fits(bare, &written));
        let (name, first) = longer.next().filter(|_| written.len() >= least)?;
        longer.all(|(_, bare)| bare == first).then_some(*name)
    };
    slip.map(|(_, _, name)| name)
        .or_else(|| only(|known, part| known.starts_with(part), 3))
        .or_else(|| only(|known, part| known.ends_with(part), 4))
}

/// Returns the known words that are most similar to one that is not known, the most
/// similar first and at most `most` of them. A repeated word counts once.
#[must_use]
pub fn closest<'a>(word: &str, known: &[&'a str], most: usize) -> Vec<&'a str> {
    let mut sorted = known.to_vec();
    // Similarities are no NaN, and equal ones keep the order of the alphabet.
    sorted.sort_unstable();
    sorted.dedup();
    let similarity = |each: &str| strsim::jaro_winkler(word, each);
    sorted.sort_by(|one, other| similarity(other).total_cmp(&similarity(one)));
    sorted.truncate(most);
    sorted
}

/// Short words become each other with few edits.
fn most_edits(word: &str) -> usize {
    match word.chars().count() {
        ..=3 => 0,
        4 | 5 => 1,
        _ => MOST_EDITS,
    }
}

fn bare(word: &str) -> String {
    word.chars().map(folded).filter(|c| *c != '_' && !c.is_whitespace()).collect()
}

fn folded(c: char) -> char {
    match c {
        '-' => '_',
        c => c.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 9] = [
        "A2A",
        "AZUREOPENAI",
        "ELASTIC",
        "MCP_SERVER",
        "MONGODB",
        "OPENAI",
        "REST",
        "VERTEXAI",
        "api_key",
    ];

    #[test]
    fn case_and_separators_do_not_matter() {
        assert!(same_word("MCP_SERVER", "mcp-server") && same_word("api-key", "API_KEY"));
        assert!(!same_word("api_key", "apikey") && !same_word("a", "ab"));
    }

    #[test]
    fn finds_the_word_that_was_meant() {
        for (written, meant) in [
            ("OPENIA", "OPENAI"),
            ("openai ", "OPENAI"),
            ("azure_openai", "AZUREOPENAI"),
            ("mongo", "MONGODB"),
            ("mcp", "MCP_SERVER"),
            ("vertex", "VERTEXAI"),
            ("apikey", "api_key"),
            ("a-2-a", "A2A"),
            ("server", "MCP_SERVER"),
        ] {
            assert_eq!(nearest(written, KNOWN), Some(meant), "{written}");
        }
    }

    #[test]
    fn leaves_other_words_alone() {
        for written in ["SNOWFLAKE", "NEWCOMER", "REDIS", "B2B", "", "a", "secret"] {
            assert_eq!(nearest(written, KNOWN), None, "{written}");
        }
    }

    #[test]
    fn finds_the_most_similar_names_in_order() {
        let names = ["mongodb", "openai", "openai-eu", "openai", "bedrock"];
        assert_eq!(closest("openia", &names, 2), ["openai", "openai-eu"]);
        assert_eq!(closest("x", &[], 2), [""; 0]);
    }
}
