//! Who is turned away before anything is answered, and what every answer says.

use std::sync::Arc;

use axum::extract::{Request, State as Shares};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::hosts::Hosts;
use super::page::POLICY;
use crate::server::Seat;

/// Turns away who asks for another host or sits where only `/health` is answered; headers for every
/// answer.
pub(super) async fn guard(Shares(hosts): Shares<Hosts>, request: Request, next: Next) -> Response {
    let mut response = match refused(&hosts, &request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The answer to who asks for another host or sits where only `/health` is answered.
fn refused(hosts: &Hosts, request: &Request) -> Option<(StatusCode, &'static str)> {
    let seat = request.extensions().get::<Arc<Seat>>()?;
    let asked = (request.version(), request.uri(), request.headers());
    let busy = (StatusCode::SERVICE_UNAVAILABLE, "too many connections; try again\n");
    let full = seat.is_spare() && request.uri().path() != "/health";
    hosts.check(asked, seat.at.ip()).err().or_else(|| full.then_some(busy))
}
