//! What the CLI prints, without what repeats itself.
//!
//! Only lines that are known to repeat are left out: refresh lines, the legend of a
//! plan, the advice on how to apply a saved one, and the attributes of all but the
//! first of several objects that are created or destroyed. Every other line is
//! passed on, so that what an unknown version of the CLI prints is seen.

/// What is left out, for the person who reads the rest.
pub(super) const LEFT_OUT: &str = "Left out of what the commands print: lines about refreshing, \
    the legend of plans, how to apply a saved plan, and, where several connections are created or \
    destroyed, the attributes of all but the first (they end in `…`).";

/// The actions whose attributes are shown for one object only. A change in place
/// shows something else for each.
const SHOWN_ONCE: [&str; 2] = [" will be created", " will be destroyed"];

/// Lines of the advice that follows a saved plan.
const ADVICE: [&str; 2] = ["Saved the plan to: ", "To perform exactly these actions, run "];

/// The output of one command.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    part: Part,
    /// The action whose object was shown.
    shown: Option<&'static str>,
    is_blank_due: bool,
    last: Last,
}

/// Where in the output the last line was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Shown,
    Legend,
    /// The attributes of an object that is not shown.
    Attributes,
    Advice,
}

/// The last line that was passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    None,
    Line,
    /// An object without its attributes.
    Headline,
}

impl Excerpt {
    /// Takes the next line of the output. Returns what to print for it, if anything.
    pub(super) fn take(&mut self, line: &str) -> Option<String> {
        let plain = without_colours(line);
        let text = plain.trim();
        if text.is_empty() {
            self.is_blank_due = true;
            return None;
        }
        match self.part {
            Part::Legend if text.contains("will perform the following actions") => {
                self.part = Part::Shown;
            }
            // The brace that ends an object is indented by four.
            Part::Attributes if plain == "    }" => {
                self.part = Part::Shown;
                return None;
            }
            Part::Legend | Part::Attributes => return None,
            // The command to type stands in a line of its own.
            Part::Advice if plain.starts_with(' ') => return None,
            Part::Shown | Part::Advice => self.part = Part::Shown,
        }
        if let Some(part) = left_out(text) {
            self.part = part;
            return None;
        }
        let Some(action) = headline(text) else { return Some(self.pass(line, Last::Line)) };
        if self.shown == Some(action) {
            self.part = Part::Attributes;
            return Some(self.pass(&format!("{line} …"), Last::Headline));
        }
        self.shown = Some(action);
        Some(self.pass(line, Last::Line))
    }

    /// A line with the blank line that is due before it. Headlines stand together.
    fn pass(&mut self, line: &str, kind: Last) -> String {
        let stands_alone = self.last != Last::Headline || kind != Last::Headline;
        let has_blank = self.is_blank_due && self.last != Last::None && stands_alone;
        (self.is_blank_due, self.last) = (false, kind);
        if has_blank { format!("\n{line}") } else { line.to_owned() }
    }
}

/// The part that a line begins which is left out.
fn left_out(text: &str) -> Option<Part> {
    if text.contains("used the selected providers to generate") {
        return Some(Part::Legend);
    }
    let is_rule = text.chars().all(|each| each == '─');
    if is_rule || text.contains(": Refreshing state... [") {
        return Some(Part::Shown);
    }
    ADVICE.iter().any(|advice| text.starts_with(advice)).then_some(Part::Advice)
}

/// The action that a line such as `# flink_connection.a will be created` announces.
fn headline(text: &str) -> Option<&'static str> {
    let is_comment = text.starts_with("# ");
    SHOWN_ONCE.into_iter().find(|action| is_comment && text.ends_with(action))
}

/// The line without escape sequences.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split('\x1b');
    let before = pieces.next().unwrap_or_default();
    let behind = pieces.map(|piece| piece.split_once('m').map_or("", |(_, text)| text));
    [before].into_iter().chain(behind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(output: &str) -> String {
        let mut excerpt = Excerpt::default();
        let lines: Vec<String> = output.lines().filter_map(|line| excerpt.take(line)).collect();
        lines.join("\n")
    }

    #[test]
    fn one_of_several_new_objects_is_shown_in_full() {
        let output = include_str!("excerpt/create.txt");
        assert_eq!(excerpt(output), include_str!("excerpt/create.expected.txt").trim_end());
    }

    #[test]
    fn colours_are_kept_and_do_not_matter() {
        let create = |name: &str| {
            format!(
                "\x1b[1m  # a.{name}\x1b[0m will be created\x1b[0m\n  \x1b[32m+\x1b[0m resource {{\n\
                 \x20     x = 1\n    }}\n\n"
            )
        };
        let output = format!("{}{}{}Plan: 3", create("a"), create("b"), create("c"));
        let seen = excerpt(&output);
        assert!(seen.starts_with("\x1b[1m  # a.a"), "{seen}");
        assert_eq!(seen.matches("x = 1").count(), 1, "{seen}");
        assert!(seen.ends_with(
            "    }\n\n\x1b[1m  # a.b\x1b[0m will be created\x1b[0m …\n\
             \x1b[1m  # a.c\x1b[0m will be created\x1b[0m …\n\nPlan: 3"
        ));
    }

    #[test]
    fn changes_in_place_and_unknown_lines_are_shown() {
        let output = "  # a.a will be updated in-place\n  ~ resource {\n    }\n\n  \
                      # a.b will be updated in-place\n  ~ resource {\n    }\n\nNote: new";
        assert_eq!(excerpt(output), output);
    }
}
