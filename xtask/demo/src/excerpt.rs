//! The output of the CLI without its repetitions.
//!
//! The output is a sequence of paragraphs. Only those that are known to repeat are left
//! out, so that everything else is shown, whatever the version of the CLI.

/// The note on what is left out.
pub(super) const LEFT_OUT: &str = "Left out of the output of commands: lines about refreshing, \
    the legend of plans, how to apply a saved plan, and, where several connections are created or \
    destroyed, the attributes of all but the first (they end in `…`).";

/// The beginnings of paragraphs that are the same after each plan.
const ADVICE: [&str; 3] = ["─", "Saved the plan to: ", "To perform exactly these actions, run "];

/// The actions whose attributes are shown for the first object only. A change in place
/// shows different attributes for each object.
const SHOWN_ONCE: [&str; 2] = [" will be created", " will be destroyed"];

/// The output of one command, shortened.
pub(super) fn excerpt(output: &str) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut excerpt = String::new();
    for paragraph in output.split("\n\n") {
        let is_refresh = |line: &&str| line.contains(": Refreshing state... [");
        let lines: Vec<&str> = paragraph.lines().filter(|line| !is_refresh(line)).collect();
        let plain = without_colours(&lines.join("\n"));
        let text = plain.trim();
        let is_legend = text.contains("used the selected providers to generate");
        if text.is_empty() || is_legend || ADVICE.iter().any(|advice| text.starts_with(advice)) {
            continue;
        }
        let action = text.lines().next().and_then(action);
        match action {
            Some(action) if shown.contains(&action) => {
                let headline = lines.iter().find(|line| !line.is_empty()).copied();
                excerpt += &format!("{} …\n", headline.unwrap_or_default());
            }
            _ => excerpt += &format!("\n{}\n", lines.join("\n").trim_matches('\n')),
        }
        shown.extend(action);
    }
    excerpt
}

/// The action in a line such as `# flink_connection.a will be created`, if attributes are
/// shown once for it.
fn action(line: &str) -> Option<&'static str> {
    SHOWN_ONCE.into_iter().find(|action| line.starts_with("# ") && line.ends_with(action))
}

/// The text without escape sequences.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let before = pieces.next().unwrap_or_default();
    let rest = pieces.map(|piece| piece.split_once('m').map_or("", |(_, text)| text));
    [before].into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_one_of_several_new_objects_in_full() {
        let create = |name: &str| {
            format!(
                "\x1b[1m  # a.{name}\x1b[0m will be created\x1b[0m\n  \x1b[32m+\x1b[0m resource {{\n\
                 \x20     x = 1\n    }}\n\n"
            )
        };
        let output = format!(
            "a.a: Refreshing state... [id=a]\n\nTerraform used the selected providers to generate \
             the following execution\nplan.\n  + create\n\nTerraform will perform the following \
             actions:\n\n{}{}{}Plan: 3\n\n─────\n\nSaved the plan to: it\n\nTo perform exactly \
             these actions, run the following command to apply:\n    terraform apply \"it\"\n",
            create("a"),
            create("b"),
            create("c")
        );
        assert_eq!(
            without_colours(&excerpt(&output)),
            "\nTerraform will perform the following actions:\n\n  # a.a will be created\n  + \
             resource {\n      x = 1\n    }\n  # a.b will be created …\n  # a.c will be created \
             …\n\nPlan: 3\n"
        );
    }

    #[test]
    fn shows_changes_in_place_and_unknown_lines() {
        let output = "  # a.a will be updated in-place\n  ~ resource {\n    }\n\n  \
                      # a.b will be updated in-place\n  ~ resource {\n    }\n\nNote: new";
        assert_eq!(excerpt(output), format!("\n{output}\n"));
    }
}
