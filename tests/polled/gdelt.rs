//! GDELT: lists that are not quite JSON, sentences instead of lists, and pages.

use fishbowl::feed::kinds::GdeltTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Health;

use crate::client::{Client, feed, uids};
use crate::server::{Act, Server, answer, json};

fn gdelt(server: &Server) -> Feed {
    let table = GdeltTable {
        url: Some(server.at("/api/v2/doc/doc")),
        query: "\"aurora phone\"".into(),
        every: Lasting::from_secs(60),
    };
    feed(FeedSpec::from(table))
}

/// A list as GDELT writes it.
fn list(articles: &[(String, &str)]) -> String {
    let articles = articles.iter().map(|(url, title)| {
        format!(
            "{{ \"url\": \"{url}\", \"url_mobile\": \"\", \"title\": \"{title}\", \"seendate\": \"20260704T143000Z\", \
             \"socialimage\": \"\", \"domain\": \"a.example\", \"language\": \"English\", \"sourcecountry\": \"Austria\" }}"
        )
    });
    format!("{{\"articles\": [ {} ] }}", articles.collect::<Vec<_>>().join("\n\t,"))
}

fn url(n: usize) -> String {
    format!("https://a.example/{n}")
}

#[tokio::test]
async fn articles_are_told_once_and_a_title_that_is_broken_costs_itself() {
    let body = list(&[(url(1), "A \"quoted\" title"), (url(2), r"C:\x \ y"), (url(3), "Three")]);
    let body = body.replace("\"title\": \"Three\"", "\"title\": Three");
    let server = Server::answering(move |_, _| json(&body)).await;
    let mut client = Client::start(&[gdelt(&server)]);
    client.until(|seen| uids(seen).len() >= 3).await;
    let told = ["gdelt:https://a.example/1", "gdelt:https://a.example/2", "gdelt:https://a.example/3"];
    assert_eq!((client.uids(), client.garbage()), (told.map(String::from).into(), 0));
    let call = &server.calls()[0];
    assert_eq!(call.query("query"), Some("%22aurora+phone%22"));
    assert_eq!((call.query("mode"), call.query("format")), (Some("artlist"), Some("json")));
    assert_eq!(call.query("startdatetime").map(str::len), Some(14));
}

#[tokio::test]
async fn a_full_answer_is_followed_by_the_next() {
    let server = Server::answering(|_, before| {
        let from = before * 250;
        let many: Vec<_> = (from..from + if before < 2 { 250 } else { 7 }).map(|n| (url(n), "A")).collect();
        if before < 3 { json(&list(&many)) } else { vec![Act::Hold] }
    })
    .await;
    let mut client = Client::start(&[gdelt(&server)]);
    client.until(|seen| uids(seen).len() == 507).await;
    assert_eq!(client.cursor().as_deref(), Some("1783175400"));
}

#[tokio::test]
async fn a_sentence_is_told_for_what_it_is() {
    let page = |body: &'static str| answer("200 OK", &["content-type: text/html"], body);
    let scripts = vec![
        page(
            "Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries.",
        ),
        page("Your query was too short or too long."),
        page("<!doctype html><title>502</title>"),
        answer("429 Too Many Requests", &[], "slow down"),
        json("{\"articles\": [ { \"url\": \"https://a.example/1\", \"title\": \"cut off in the mid"),
        json("{}"),
        vec![Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let mut client = Client::start(&[gdelt(&server)]);
    client.until(|seen| seen.iter().any(|b| b.state.health == Health::Live)).await;
    let reasons = client.reasons();
    assert!(reasons[0].starts_with("GDELT says: Please limit requests"), "{reasons:#?}");
    assert_eq!(reasons[1], "GDELT rejects the query: Your query was too short or too long.");
    assert_eq!(reasons[2], "GDELT did not send a list of articles: a web page");
    assert_eq!(reasons[3], "the server answers 429: too many requests");
    let states: Vec<_> = client.seen.iter().map(|batch| &batch.state.health).collect();
    assert!(states.iter().any(|health| matches!(health, Health::Throttled { .. })));
    assert!(states.iter().any(|health| matches!(health, Health::Refused { .. })));
}
