//! What people talk about in the simulation.

/// One of the five things people talk about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoTopic {
    pub key: &'static str,
    /// Stands in a text of the topic unless one of `words` does.
    pub hashtag: &'static str,
    /// Words or phrases, any of which marks the topic.
    pub words: &'static [&'static str],
}

/// Every text of a topic holds its hashtag or one of its words, apart from other letters.
pub const TOPICS: [DemoTopic; 5] = [
    DemoTopic { key: "aurora", hashtag: "#AuroraPhone", words: &["Aurora phone"] },
    DemoTopic { key: "battery", hashtag: "#AuroraBattery", words: &["battery"] },
    DemoTopic { key: "camera", hashtag: "#AuroraCamera", words: &["camera"] },
    DemoTopic { key: "service", hashtag: "#AuroraCare", words: &["support", "store"] },
    DemoTopic { key: "borealis", hashtag: "#Borealis", words: &["Borealis"] },
];
