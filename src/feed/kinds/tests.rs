//! What is wrong with a table is told at its key.

mod open {
    use crate::feed::kinds::{BlueskyTable, WikimediaTable};
    use crate::layout::feed::{Fault, FeedKind as _};

    fn keys(faults: Vec<Fault>) -> Vec<&'static str> {
        faults.into_iter().map(|fault| fault.key).collect()
    }

    fn bluesky(table: &str) -> Vec<&'static str> {
        keys(serde_json::from_str::<BlueskyTable>(table).expect("its types are right").faults())
    }

    #[test]
    fn what_is_left_out_is_right() {
        assert!(BlueskyTable::default().faults().is_empty() && WikimediaTable::default().faults().is_empty());
    }

    #[test]
    fn every_fault_of_a_bluesky_feed_is_told_at_its_key() {
        for (table, key) in [
            (r#"{"url":"https://example.org"}"#, "url"),
            (r#"{"url":"wss://a:b@example.org/"}"#, "url"),
            (r#"{"host":"wss://example.org"}"#, "host"),
            (r#"{"host":"a.example","url":"wss://b.example/"}"#, "host"),
            (r#"{"collections":[]}"#, "collections"),
            (r#"{"collections":["posts"]}"#, "collections"),
            (r#"{"dids":["@ana.example"]}"#, "dids"),
            (r#"{"languages":["english"]}"#, "languages"),
            (r#"{"look_back":"48h"}"#, "look_back"),
            (r#"{"appview":"public.api"}"#, "appview"),
        ] {
            assert_eq!(bluesky(table), [key], "{table}");
        }
        let all = r#"{"host":"127.0.0.1:6008","wire":"v2","collections":["app.bsky.feed.*"],"dids":["did:web:a.example"],"look_back":"36h"}"#;
        assert!(bluesky(all).is_empty());
    }

    #[test]
    fn every_fault_of_a_wikimedia_feed_is_told_at_its_key() {
        for (table, key) in [
            (r#"{"url":"stream"}"#, "url"),
            (r#"{"contact":"us"}"#, "contact"),
            (r#"{"contact":"a@b.example\nx: y"}"#, "contact"),
            (r#"{"wikis":["en wiki"]}"#, "wikis"),
            (r#"{"kinds":[]}"#, "kinds"),
            (r#"{"streams":[]}"#, "streams"),
            (r#"{"look_back":"200h"}"#, "look_back"),
        ] {
            let table: WikimediaTable = serde_json::from_str(table).expect("its types are right");
            assert_eq!(keys(table.faults()), [key]);
        }
        let all = r#"{"contact":"wall@example.org","streams":["recentchange","page-create"],"kinds":["log"],"wikis":["en.wikipedia.org"]}"#;
        assert!(serde_json::from_str::<WikimediaTable>(all).is_ok_and(|table| table.faults().is_empty()));
    }
}

mod polled {
    use crate::feed::kinds::{GdeltTable, HackerNewsTable, RedditTable, RssTable};
    use crate::layout::feed::FeedKind;
    use crate::layout::value::Lasting;

    fn keys(table: &impl FeedKind) -> Vec<&'static str> {
        table.faults().iter().map(|fault| fault.key).collect()
    }

    #[test]
    fn what_a_service_needs_is_asked_for() {
        assert_eq!(keys(&RssTable::default()), ["url"]);
        assert_eq!(keys(&HackerNewsTable::default()), [""; 0]);
        assert_eq!(keys(&GdeltTable::default()), ["query"]);
        let missing = ["subreddits", "contact", "client_id_env", "client_secret_env"];
        assert_eq!(keys(&RedditTable::default()), missing);
    }

    #[test]
    fn wrong_values_are_told_at_their_keys() {
        let urls = vec!["https://a.example/feed".to_owned(), "a.example".into()];
        assert_eq!(
            keys(&RssTable { urls, every: Lasting::from_secs(5), ..RssTable::default() }),
            ["urls", "every"]
        );
        let many = vec!["https://a.example/feed".to_owned(); 65];
        assert_eq!(keys(&RssTable { urls: many, ..RssTable::default() }), ["urls"]);
        let login = RssTable { url: Some("https://ana:s3cret@a.example/".into()), ..RssTable::default() };
        assert!(login.faults().iter().all(|fault| !fault.what.contains("s3cret")));
        assert_eq!(keys(&login), ["url"]);
        let whole = RedditTable {
            contact: "u/acme_wall".into(),
            client_id_env: Some("ID".into()),
            client_secret_file: Some("secret".into()),
            subreddits: vec!["r/acme".into()],
            ..RedditTable::default()
        };
        assert_eq!(keys(&whole), ["subreddits"]);
    }
}

mod social {
    use crate::feed::kinds::{MastodonTable, XTable};
    use crate::layout::feed::FeedKind;

    fn whats(table: &impl FeedKind) -> String {
        table
            .faults()
            .into_iter()
            .map(|fault| format!("{}: {}", fault.key, fault.what))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn with_token() -> MastodonTable {
        MastodonTable {
            url: Some("https://mastodon.example".into()),
            token_env: Some("TOKEN".into()),
            ..MastodonTable::default()
        }
    }

    #[test]
    fn a_mastodon_feed_needs_a_server_and_one_token() {
        assert_eq!(whats(&with_token()), "");
        assert_eq!(
            whats(&MastodonTable::default()),
            "url: the server is missing\ntoken_env: this feed has no token"
        );
        let twice = MastodonTable { token_file: Some("t".into()), ..with_token() };
        assert_eq!(whats(&twice), "token_file: a feed has only one token");
        let bare = MastodonTable { url: Some("mastodon.example".into()), ..with_token() };
        assert_eq!(whats(&bare), "url: `mastodon.example` is not a server URL");
    }

    #[test]
    fn streams_that_cannot_be_are_told() {
        let hashtags = ["#ok", "電池", "two words", "a/b"].map(String::from).to_vec();
        let wrong = MastodonTable { hashtags, lists: vec!["12".into(), "../me".into()], ..with_token() };
        assert_eq!(
            whats(&wrong),
            "hashtags: `two words` is not a hashtag\nhashtags: `a/b` is not a hashtag\nlists: `../me` is not the id of a list"
        );
        let many = MastodonTable { hashtags: vec!["a".into(); 17], ..with_token() };
        assert_eq!(whats(&many), "hashtags: 17 streams exceed the limit of 16 per feed");
    }

    #[test]
    fn x_is_asked_for_the_topics_or_for_rules_of_its_own() {
        let x = XTable { token_env: Some("X".into()), ..XTable::default() };
        assert_eq!(whats(&x), "rules: there is no topic to ask X for");
        let topics = vec![("a".into(), "aurora NOT borealis".into()), ("b".into(), "auro*".into())];
        let translated = XTable { topics, ..x.clone() };
        assert_eq!(
            whats(&translated),
            "rules: topic `b` cannot be translated for X: X matches only whole words, not `auro*`"
        );
        let own = XTable { rules: vec!["from:acme".into()], ..translated };
        assert_eq!(own.asked(1_024), Ok(vec![("rule 1".into(), "from:acme".into())]));
        assert_eq!(whats(&own), "");
    }
}

mod suites {
    use crate::feed::kinds::suites::faults::address;
    use crate::feed::kinds::{BrandwatchTable, MeltwaterTable, SproutTable, TalkwalkerTable};
    use crate::layout::feed::{Fault, FeedKind as _};
    use crate::layout::value::Lasting;

    fn keys(faults: Vec<Fault>) -> Vec<&'static str> {
        faults.into_iter().map(|fault| fault.key).collect()
    }

    fn some(word: &str) -> Option<String> {
        Some(word.into())
    }

    #[test]
    fn what_a_service_cannot_do_without_is_asked_for() {
        assert_eq!(keys(BrandwatchTable::default().faults()), ["token_env", "project", "queries"]);
        assert_eq!(keys(TalkwalkerTable::default().faults()), ["token_env", "collector"]);
        assert_eq!(keys(MeltwaterTable::default().faults()), ["search", "token_env"]);
        assert_eq!(keys(SproutTable::default().faults()), ["token_env", "customer", "topics"]);
    }

    #[test]
    fn meltwater_is_listened_to_or_searched() {
        let listen = Some(Default::default());
        let pushed = MeltwaterTable { listen, secret_env: some("S"), ..MeltwaterTable::default() };
        assert_eq!(keys(pushed.faults()), [""; 0]);
        assert_eq!(keys(MeltwaterTable { secret_env: None, ..pushed.clone() }.faults()), ["secret_env"]);
        let registered = MeltwaterTable { public_url: some("https://wall.example/meltwater"), ..pushed };
        assert_eq!(keys(registered.faults()), ["search", "token_env"]);
        let searched = MeltwaterTable { search: Some(1), token_env: some("T"), ..MeltwaterTable::default() };
        assert_eq!(keys(searched.faults()), [""; 0]);
        let odd = MeltwaterTable { path: some("hook?"), interval: Lasting::from_secs(60), ..searched };
        assert_eq!(keys(odd.faults()), ["path", "interval"]);
    }

    #[test]
    fn addresses_hold_no_secrets() {
        let at = |url: &str| address("url", &some(url)).map(|fault| fault.what);
        assert_eq!(at("https://api.brandwatch.com"), None);
        assert_eq!(at("http://127.0.0.1:80/x"), None);
        for url in ["api.brandwatch.com", "https://", "https://a b", "https://:80"] {
            assert!(at(url).is_some_and(|what| what.contains("not an address")), "{url}");
        }
        assert!(at("https://ana:s3cret@a.example").is_some_and(|what| !what.contains("s3cret")));
        assert!(at("https://a.example?access_token=s3cret").is_some_and(|what| !what.contains("s3cret")));
    }

    #[test]
    fn what_the_limits_of_a_service_do_not_allow_is_said() {
        let good = BrandwatchTable {
            token_env: some("T"),
            project: Some(1),
            queries: vec![2],
            ..BrandwatchTable::default()
        };
        assert_eq!(keys(good.faults()), [""; 0]);
        let often = BrandwatchTable { interval: Lasting::from_secs(19), page_size: 5_001, ..good };
        assert_eq!(keys(often.faults()), ["interval", "page_size"]);
        let good = SproutTable {
            token_env: some("T"),
            customer: Some(1),
            topics: vec!["a".into(); 5],
            ..SproutTable::default()
        };
        assert_eq!(keys(good.faults()), [""; 0]);
        let many = SproutTable { topics: vec!["a".into(); 6], ..good };
        assert_eq!(keys(many.faults()), ["interval"], "6 topics a minute are 259,200 calls in 30 days");
        let odd = TalkwalkerTable {
            token_env: some("T"),
            token_file: Some("t".into()),
            collector: some("Live/1"),
            from: some("yesterday"),
            ..TalkwalkerTable::default()
        };
        assert_eq!(keys(odd.faults()), ["token_file", "collector", "from"]);
    }
}
