//! The search for secrets in a text, in whatever form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Says which of the secrets a text holds, plainly or encoded.
pub(super) fn found(text: &str, secrets: &[&str]) -> Vec<String> {
    let holds = |secret: &&str| forms(secret).iter().any(|form| text.contains(form));
    let found = secrets.iter().enumerate().filter(|(_, secret)| holds(secret));
    // Which one is enough to know.
    found.map(|(number, _)| format!("the secret {number} was written somewhere")).collect()
}

/// A secret as it stands in plain text, in JSON, in a URL and in base64.
fn forms(secret: &str) -> Vec<String> {
    // No encoding touches its letters and dashes; base64 moves all.
    let plain = secret.split([' ', '"']).next().unwrap_or_default();
    let shifted = (0..3).map(|by| {
        let text = STANDARD.encode([&b"___"[..by], plain.as_bytes()].concat());
        let whole = text.len() - if text.ends_with('=') { 4 } else { 0 };
        text[if by == 0 { 0 } else { 4 }..whole].to_owned()
    });
    shifted.chain([plain.to_owned()]).collect()
}

#[test]
fn a_secret_is_found_in_any_form() {
    let secret = r#"planted-here "<&>\é"#;
    let json = serde_json::Value::from(secret).to_string();
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let encoded = ["", "k", "ke", "key:"].map(|key| STANDARD.encode(format!("{key}{secret}")));
    for form in [secret.to_owned(), json, url].into_iter().chain(encoded) {
        assert_eq!(found(&format!("...{form}..."), &["something-else", secret]).len(), 1, "{form}");
    }
    assert_eq!(found("planted", &[secret]), [] as [&str; 0]);
}
