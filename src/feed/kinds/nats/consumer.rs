//! Finds the durable consumer, or makes it.

use std::time::Duration;

use async_nats::datetime;
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};
use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{Context, ErrorCode};

use super::errors::{cause, refused, server};
use super::table::NatsTable;
use crate::clock::Time;
use crate::feed::error::FeedError;

/// A message that is not acknowledged by then comes again.
const ACK_WAIT: Duration = Duration::from_secs(10);

/// The consumer of the layout. A new one goes on after the message `cursor` of the stream, or
/// begins as far back as the layout says.
pub(super) async fn open(
    context: &Context,
    spec: &NatsTable,
    cursor: Option<u64>,
    now: Time,
) -> Result<Consumer<pull::Config>, FeedError> {
    let stream = context.get_stream(&spec.stream).await.map_err(|error| match error.kind() {
        GetStreamErrorKind::JetStream(inner) if inner.error_code() == ErrorCode::STREAM_NOT_FOUND => server(
            format!("there is no stream `{}` on the server; create it, or correct `stream`", spec.stream),
        ),
        GetStreamErrorKind::JetStream(inner) => refused(format!("stream `{}`: {inner}", spec.stream)),
        _ => server(format!("JetStream does not answer (is it enabled?): {}", cause(&error))),
    })?;
    // When it is not there, or cannot be asked for, to make it tells why.
    match stream.consumer_info(&spec.consumer).await {
        Ok(info) if info.config.deliver_subject.is_some() => {
            Err(refused(format!("`{}` is a push consumer; give this wall a different one", spec.consumer)))
        }
        Ok(_) => existing(&stream, spec).await,
        Err(_) => create(&stream, spec, cursor, now).await,
    }
}

async fn existing(stream: &Stream, spec: &NatsTable) -> Result<Consumer<pull::Config>, FeedError> {
    let name = &spec.consumer;
    let found: Result<Consumer<pull::Config>, _> = stream.get_consumer(name).await;
    let consumer = found.map_err(|error| server(format!("consumer `{name}`: {error}")))?;
    let config = &consumer.cached_info().config;
    if config.ack_policy != AckPolicy::Explicit {
        return Err(refused(format!(
            "consumer `{name}` does not require explicit acknowledgements; delete it, or name a different one"
        )));
    }
    match &spec.subject {
        Some(subject) if *subject != config.filter_subject => Err(refused(format!(
            "consumer `{name}` has the subject `{}`, not `{subject}`; delete it, or name a different one",
            config.filter_subject
        ))),
        _ => Ok(consumer),
    }
}

async fn create(
    stream: &Stream,
    spec: &NatsTable,
    cursor: Option<u64>,
    now: Time,
) -> Result<Consumer<pull::Config>, FeedError> {
    let state = &stream.cached_info().state;
    // A stream that was made anew counts from 1 again.
    let deliver_policy = match cursor.filter(|cursor| *cursor <= state.last_sequence) {
        Some(cursor) => DeliverPolicy::ByStartSequence { start_sequence: cursor + 1 },
        None => since(now - spec.history.0),
    };
    let config = pull::Config {
        durable_name: Some(spec.consumer.clone()),
        description: Some("Fishbowl, a video wall".into()),
        deliver_policy,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        filter_subject: spec.subject.clone().unwrap_or_default(),
        ..Default::default()
    };
    let made = stream.create_consumer(config).await;
    made.map_err(|error| {
        refused(format!("cannot create the consumer `{}`: {}", spec.consumer, cause(&error)))
    })
}

fn since(start: Time) -> DeliverPolicy {
    match datetime::from_nanos(i128::from(start.0)) {
        Ok(start_time) => DeliverPolicy::ByStartTime { start_time },
        Err(_) => DeliverPolicy::New,
    }
}
