//! The cost and the results of batched reads, against a server with a paused clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use http::HeaderMap;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::auth::Credentials;
use crate::client::Client;
use crate::object::tests::widget::{Widget, widgets_of};
use crate::transport::{Exchange, Extent, HttpRequest, HttpResponse, Transport};
use crate::{CallOptions, Objects, Result};

const LATENCY: Duration = Duration::from_millis(50);

/// The responses of the server to a list.
#[derive(Clone, Copy, PartialEq)]
enum Lists {
    Well,
    WithStatus(u16),
    AfterSeconds(u64),
}

/// A place of widgets, by name, with their versions.
#[derive(Clone)]
struct Server(Arc<Mutex<Inside>>);

struct Inside {
    objects: BTreeMap<String, u32>,
    lists: Lists,
    /// The last part of each path asked for.
    requests: Vec<String>,
    under_way: usize,
    most_under_way: usize,
}

impl Server {
    fn new(names: impl IntoIterator<Item = String>) -> Self {
        let objects = names.into_iter().map(|name| (name, 1)).collect();
        Self(Arc::new(Mutex::new(Inside {
            objects,
            lists: Lists::Well,
            requests: Vec::new(),
            under_way: 0,
            most_under_way: 0,
        })))
    }

    fn listing(self, lists: Lists) -> Self {
        self.0.lock().unwrap().lists = lists;
        self
    }

    fn widgets(&self) -> Objects<Widget> {
        let key = Credentials::basic("KEY", "key-secret");
        let builder = Client::builder().credentials(key).no_proxy();
        let client = builder.build_on(Arc::new(self.clone()), || 1.0).unwrap();
        widgets_of(&client)
    }

    fn pages(&self) -> usize {
        self.0.lock().unwrap().requests.iter().filter(|path| *path == "widgets").count()
    }

    fn requests(&self) -> usize {
        self.0.lock().unwrap().requests.len()
    }

    fn set(&self, name: &str, version: u32) {
        self.0.lock().unwrap().objects.insert(name.to_owned(), version);
    }
}

impl Transport for Server {
    fn exchange(&self, request: HttpRequest) -> Exchange<'_> {
        Box::pin(async move {
            let mut path = request.url.path_segments().unwrap();
            let name = path.next_back().unwrap().to_owned();
            let is_list = name == "widgets";
            let lists = {
                let mut inside = self.0.lock().unwrap();
                inside.requests.push(name.clone());
                inside.under_way += 1;
                inside.most_under_way = inside.most_under_way.max(inside.under_way);
                inside.lists
            };
            match (is_list, lists) {
                (true, Lists::AfterSeconds(seconds)) => sleep(Duration::from_secs(seconds)).await,
                _ => sleep(LATENCY).await,
            }
            let mut inside = self.0.lock().unwrap();
            inside.under_way -= 1;
            Ok(match (is_list, lists) {
                (true, Lists::WithStatus(status)) => response(status, &json!({})),
                (true, _) => inside.page(&request.url),
                (false, _) => inside.object(&name),
            })
        })
    }
}

impl Inside {
    fn page(&self, url: &url::Url) -> HttpResponse {
        let query: BTreeMap<_, _> = url.query_pairs().collect();
        let size: usize = query["page_size"].parse().unwrap();
        let from: usize = query.get("page_token").map_or(0, |token| token.parse().unwrap());
        let entries = self.objects.iter().skip(from).take(size);
        let data: Vec<_> = entries.map(|(name, version)| object(name, *version)).collect();
        let next = from + size;
        let next = (next < self.objects.len()).then(|| format!("https://h/?page_token={next}"));
        response(200, &json!({ "data": data, "metadata": { "next": next } }))
    }

    fn object(&self, name: &str) -> HttpResponse {
        match self.objects.get(name) {
            Some(version) => response(200, &object(name, *version)),
            None => response(404, &json!({ "errors": [{ "status": "404", "detail": "gone" }] })),
        }
    }
}

fn object(name: &str, version: u32) -> Value {
    json!({ "name": name, "uid": name, "version": version.to_string() })
}

fn response(status: u16, body: &Value) -> HttpResponse {
    let body = body.to_string().into_bytes();
    HttpResponse { status, headers: HeaderMap::new(), body, extent: Extent::Whole }
}

fn names(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("widget-{number:05}"))
}

/// Reads all these names, so many at a time, in an order that is not the list's.
async fn refresh(
    widgets: &Objects<Widget>,
    names: impl IntoIterator<Item = String>,
    parallelism: usize,
) -> Vec<(String, Result<Option<Widget>>)> {
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
    let mut names = names.into_iter();
    let mut tasks = JoinSet::new();
    let mut answers = Vec::new();
    let spawn = |tasks: &mut JoinSet<_>, name: String| {
        let widgets = widgets.clone();
        tasks.spawn(async move {
            let answer = widgets.refresh(&name, &"1").await;
            (name, answer)
        });
    };
    names.by_ref().take(parallelism).for_each(|name| spawn(&mut tasks, name));
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.unwrap());
        if let Some(name) = names.next() {
            spawn(&mut tasks, name);
        }
    }
    answers
}

fn found(answers: &[(String, Result<Option<Widget>>)]) -> usize {
    let is_found = |(name, answer): &&(String, Result<Option<Widget>>)| matches!(answer, Ok(Some(found)) if found.name == *name);
    answers.iter().filter(is_found).count()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_reads_take_a_hundred_requests() {
    let server = Server::new(names(1000));
    let begun = Instant::now();
    let answers = refresh(&server.widgets(), names(1000), 10).await;
    assert_eq!(found(&answers), 1000);
    assert!(server.requests() <= 100, "{} requests", server.requests());
    assert!(begun.elapsed() < LATENCY * 14, "{:?}", begun.elapsed());
    assert!(server.0.lock().unwrap().most_under_way <= 10);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_reads_takes_four_requests() {
    for parallelism in [1, 2, 10, 50] {
        let server = Server::new(names(100));
        let answers = refresh(&server.widgets(), names(100), parallelism).await;
        assert_eq!(found(&answers), 100);
        assert_eq!((server.requests(), server.pages()), (4, 1), "{parallelism} at a time");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_reads_are_one_request_each() {
    for count in 1..=3 {
        let server = Server::new(names(1000));
        let answers = refresh(&server.widgets(), names(count), 10).await;
        assert_eq!((found(&answers), server.requests(), server.pages()), (count, count, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn other_objects_cost_at_most_half_as_many_requests_again() {
    let others = (0..50_000).map(|number| format!("a-other-{number}"));
    let server = Server::new(others.chain(names(200)));
    let begun = Instant::now();
    let answers = refresh(&server.widgets(), names(200), 10).await;
    assert_eq!(found(&answers), 200);
    assert!(server.requests() <= 300, "{} requests", server.requests());
    assert!(begun.elapsed() <= LATENCY * 30, "{:?} instead of 20 round trips", begun.elapsed());
    assert!(server.0.lock().unwrap().most_under_way <= 10);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_a_list_lacks_is_requested() {
    let server = Server::new(names(40));
    let gone = (0..10).map(|number| format!("gone-{number}"));
    let answers = refresh(&server.widgets(), names(40).chain(gone), 10).await;
    assert_eq!(found(&answers), 40);
    let gone = answers.iter().filter(|(_, answer)| matches!(answer, Ok(None)));
    assert_eq!(gone.count(), 10);
    let requests = server.0.lock().unwrap().requests.clone();
    assert_eq!(requests.iter().filter(|path| path.starts_with("gone-")).count(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_fails_no_read() {
    for status in [200, 401, 403, 404, 429, 500, 503] {
        let server = Server::new(names(60)).listing(Lists::WithStatus(status));
        let answers = refresh(&server.widgets(), names(60), 10).await;
        assert_eq!(found(&answers), 60, "{status}");
        assert!(server.requests() <= 90, "{status}: {}", server.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_list_delays_reads_only_briefly() {
    for seconds in [2, 9, 30, 300] {
        let server = Server::new(names(60)).listing(Lists::AfterSeconds(seconds));
        let begun = Instant::now();
        let answers = refresh(&server.widgets(), names(60), 10).await;
        assert_eq!(found(&answers), 60);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_a_list_does_not_confirm_is_requested() {
    let server = Server::new(names(100));
    let widgets = server.widgets();
    refresh(&widgets, names(100), 10).await;
    let before = server.requests();
    server.set("widget-00050", 2);
    let read = widgets.refresh("widget-00050", &"2").await.unwrap().unwrap();
    assert_eq!(read.fields["version"], "2");
    assert_eq!(server.requests(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn our_own_writes_are_not_read_from_a_list() {
    let server = Server::new(names(100));
    let widgets = server.widgets();
    refresh(&widgets, names(100), 10).await;
    widgets.delete("widget-00050").await.unwrap();
    server.0.lock().unwrap().objects.remove("widget-00050");
    assert_eq!(widgets.refresh("widget-00050", &"1").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_read_does_not_wait_for_a_page() {
    let server = Server::new(names(100)).listing(Lists::AfterSeconds(5));
    let widgets = server.widgets();
    let options = CallOptions::default();
    let cancelled = options.cancelled.clone();
    let hurried = widgets.clone().within(options);
    let (_, (hurried, waited)) = tokio::join!(refresh(&widgets, names(10), 10), async {
        sleep(Duration::from_millis(10)).await;
        cancelled.cancel();
        let begun = Instant::now();
        (hurried.refresh("widget-00099", &"1").await, begun.elapsed())
    });
    assert!(hurried.unwrap_err().is_cancelled());
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn abandoned_reads_fetch_no_more_pages() {
    let server = Server::new(names(1000));
    let widgets = server.widgets();
    {
        let reads = refresh(&widgets, names(1000), 10);
        tokio::select! {
            _ = reads => unreachable!("a thousand reads take longer"),
            () = sleep(LATENCY * 2) => {}
        }
    }
    sleep(LATENCY * 2).await;
    let pages = server.pages();
    sleep(LATENCY * 20).await;
    assert_eq!(server.pages(), pages);
}
