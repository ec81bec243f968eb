//! A server that repeats parts of a request, in every part of a response and in every
//! encoding.
//!
//! There are lists of parts and of forms. Each pair is played once for each method.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flink_emulator::{ApiKey, Fault};
use serde_json::{Value, json};

use crate::configuration::{connection, ephemeral_variable};
use crate::interceptor::{Reply, Trick};
use crate::scenario::Scenario;
use crate::secrets::outputs::{Given, Output, Planted};
use crate::world::{KEY, World};

/// A part of a request that a server may repeat.
type Part = fn(&str) -> String;

/// The parts of every request.
const HEAD: [Part; 2] = [authorization, key_and_secret];

/// The parts of a request with a body.
const BODY: [Part; 3] = [body, payload, credential];

/// A response that repeats a text.
type Form = fn(&str) -> Reply;

pub(crate) const FORMS: [Form; 16] = [
    // As it is.
    |text| Reply::new(500, "text/plain", text),
    // In the API's words.
    |text| Reply::refusal(422, text),
    // In the API's code.
    |text| {
        let error = json!({ "errors": [{ "code": text, "title": text, "detail": "no" }] });
        Reply::new(409, "application/json", error.to_string())
    },
    // In a message.
    |text| {
        let error = json!({ "error_code": 40_001, "message": text });
        Reply::new(400, "application/json", error.to_string())
    },
    // Of OAuth.
    |text| {
        let error = json!({ "error": "invalid_client", "error_description": text });
        Reply::new(401, "application/json", error.to_string())
    },
    // Escaped once too often.
    |text| Reply::refusal(403, &Value::from(Value::from(text).to_string()).to_string()),
    // As Go escapes JSON.
    |text| {
        let escaped = Value::from(text).to_string();
        let escaped = escaped.replace('<', "\\u003c").replace('>', "\\u003e");
        Reply::new(400, "text/plain", escaped.replace('&', "\\u0026"))
    },
    // In a page.
    |text| Reply::new(502, "text/html", format!("<html><body><p>{}</p></body></html>", html(text))),
    // In the title of a page.
    |text| Reply::page(503, &html(text)),
    // As a page has it in hexadecimal.
    |text| Reply::page(500, &html(text).replace("&#39;", "&#x27;").replace('/', "&#x2F;")),
    // As a form.
    |text| {
        let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        Reply::refusal(400, &form)
    },
    // As part of a URL.
    |text| Reply::refusal(400, &percent_encoded(text)),
    // As part of a URL in lower case.
    |text| Reply::refusal(400, &in_lower_case(&percent_encoded(text))),
    // In the request id.
    |text| Reply::refusal(400, "no").header("X-Request-Id", &in_line(text)),
    // In the place that is in the way.
    |text| {
        let place = format!("https://user:{0}@host.example/{0}?a={0}", percent_encoded(text));
        Reply::refusal(409, "in the way").header("Location", &place)
    },
    // In the target of a redirect.
    |text| {
        let target = format!("https://{0}.example/{0}?a={0}", percent_encoded(text));
        Reply::new(307, "text/plain", "").header("Location", &target)
    },
];

#[tokio::test]
async fn what_a_server_repeats_of_a_request_is_shown_nowhere() {
    let mut planted = Planted::default();
    let passing = planted.plant(Given::Passing, "credentials_wo").difficult();
    let own = planted.plant(Given::Environment, "FLINK_API_SECRET").difficult();
    let echoes: Vec<(Part, Form)> =
        HEAD.into_iter().chain(BODY).flat_map(|part| FORMS.map(|form| (part, form))).collect();
    let name = |index: usize| format!("echo-{index}");
    let block = |index: usize| {
        let block = connection(&name(index), "OPENAI", "https://api.openai.com/v1");
        let block = block.write_only_from("api_key", "var.secret");
        block.expression("credentials_wo_version", "var.generation").to_string()
    };
    let blocks: String = (0..echoes.len()).map(block).collect();
    let variables = format!("variable \"generation\" {{}}\n{}", ephemeral_variable("secret"));
    let scenario = Scenario::new(format!("{variables}{blocks}")).intercepted();
    let scenario = scenario.with("TF_LOG_PROVIDER", "trace").with("FLINK_MAX_RETRIES", "0");
    let scenario = scenario.with("TF_VAR_secret", &passing).with("TF_VAR_generation", "1");
    let scenario = scenario.with("FLINK_API_SECRET", &own);
    let mut world = scenario.await;
    world.emulator.require_keys([ApiKey::new(KEY.0, own)]);

    for (part, form) in &echoes {
        world.network().next("POST connections", echo(*part, *form));
    }
    let apply = ["apply", "-no-color", "-auto-approve"];
    fails_without_secrets(&world, &planted, &apply, echoes.len()).await;
    world.network().clear();
    world.apply().await;

    for (method, line) in [
        ("GET", &["plan", "-no-color"][..]),
        ("PUT", &["apply", "-no-color", "-auto-approve", "-refresh=false"]),
        ("DELETE", &["destroy", "-no-color", "-auto-approve", "-refresh=false"]),
    ] {
        for (index, (part, form)) in echoes.iter().enumerate() {
            let line = format!("{method} {}", name(index));
            world.network().every(&line, echo(*part, *form));
        }
        // Without a list, each connection takes a request of its own.
        world.fault("GET connections", Fault::status(403));
        world.set("TF_VAR_generation", method);
        fails_without_secrets(&world, &planted, line, echoes.len()).await;
        world.network().clear();
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn credentials_that_a_status_repeats_are_taken_out() {
    let mut planted = Planted::default();
    let ordinary = planted.plant(Given::Ordinary, "credentials").difficult();
    let passing = planted.plant(Given::Passing, "credentials_wo").difficult();
    let stored = connection("stored", "OPENAI", "https://one.example.com");
    let stored = stored.credential_from("api_key", "var.ordinary");
    let unstored = connection("unstored", "OPENAI", "https://other.example.com");
    let unstored = unstored.write_only_from("api_key", "var.secret");
    let variable = "variable \"ordinary\" {\n  sensitive = true\n}\n";
    let variables = format!("{variable}{}", ephemeral_variable("secret"));
    let scenario = Scenario::new(format!("{variables}{stored}{unstored}")).intercepted();
    let scenario = scenario.with("TF_VAR_ordinary", &ordinary).with("TF_VAR_secret", &passing);
    let world = scenario.with("TF_LOG_PROVIDER", "trace").await;

    let edit = || {
        let (ordinary, passing) = (ordinary.clone(), passing.clone());
        Trick::edit(move |object| {
            let sent = if object["name"] == "stored" { &ordinary } else { &passing };
            let detail = format!("refused: {}", Value::from(sent.as_str()));
            object["status"] = json!({ "phase": "INVALID_AUTH", "detail": detail });
        })
    };
    world.network().every("POST connections", edit());
    world.network().every("GET stored", edit());
    for line in [
        &["apply", "-no-color", "-auto-approve"][..],
        &["apply", "-no-color", "-auto-approve", "-refresh-only"],
        &["plan", "-no-color"],
    ] {
        let run = planted.watch(Output::Printed, world.run(line).await.succeeds());
        assert!(run.prose().contains("refused: \"(redacted)\""), "{}", run.shown());
    }
    assert_eq!(world.stored("flink_connection.stored")["status_detail"], "refused: \"(redacted)\"");
    planted.watch_world(&world);
}

async fn fails_without_secrets(world: &World, planted: &Planted, line: &[&str], times: usize) {
    let run = world.run(line).await;
    let failures = run.stderr.matches("Error: Cannot ").count();
    assert_eq!(failures, times, "each echo is an error: {}", run.shown());
    let run = planted.watch(Output::Printed, run);
    assert!(run.stderr.contains("(redacted)"), "{}", run.stderr);
}

/// A response that repeats a part of the request in a form.
pub(crate) fn echo(part: Part, form: Form) -> Trick {
    Trick::echo(move |request| form(&part(request)))
}

pub(crate) fn authorization(request: &str) -> String {
    header(request, "authorization")
}

pub(crate) fn proxy_authorization(request: &str) -> String {
    header(request, "proxy-authorization")
}

fn key_and_secret(request: &str) -> String {
    decoded(&authorization(request))
}

pub(crate) fn user_and_password(request: &str) -> String {
    decoded(&proxy_authorization(request))
}

pub(crate) fn body(request: &str) -> String {
    request.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned()
}

fn payload(request: &str) -> String {
    let body = serde_json::from_str::<Value>(&body(request)).unwrap_or_default();
    let payload = body.pointer("/spec/auth_data/data").and_then(Value::as_str);
    payload.unwrap_or_default().to_owned()
}

fn credential(request: &str) -> String {
    let payload = serde_json::from_str::<Value>(&payload(request)).unwrap_or_default();
    payload["API_KEY"].as_str().unwrap_or_default().to_owned()
}

fn header(request: &str, name: &str) -> String {
    let headers = request.lines().filter_map(|line| line.split_once(": "));
    let mut values = headers.filter(|(each, _)| each.eq_ignore_ascii_case(name));
    values.next().map(|(_, value)| value.to_owned()).unwrap_or_default()
}

fn decoded(basic: &str) -> String {
    let bytes = STANDARD.decode(basic.replace("Basic ", "")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

/// As `encodeURIComponent` has it: all but letters, digits and a few marks.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~!*'()".contains(byte);
    let encode = |byte: u8| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn in_lower_case(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (digits, rest) = part.split_at(2);
        format!("{text}%{}{rest}", digits.to_ascii_lowercase())
    })
}

/// As a header can hold it: without line breaks, and ASCII escapes for the rest.
fn in_line(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' => c.to_string(),
        c => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    text.trim().chars().map(escape).collect()
}
