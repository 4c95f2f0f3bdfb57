//! The two upload routes.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::timeout;
use tracing::Instrument;

use super::reply::{Problem, Results};
use super::{Server, admission::Admitted};
use crate::body::{BodyError, Reader, Upload};
use crate::measure::Tally;
use crate::upload::Outcome;
use crate::verdict::{Retry, Verdict};

/// `PUT /api/powersync/upload`.
pub(super) async fn upload(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (_, outcome) = run(&server, &headers, body).await?;
    match outcome.stopped {
        // What has committed answers `duplicate` when it comes again.
        Some(retry) => Err(Problem::Later(retry)),
        None => Ok(Json(Results::of(&outcome.verdicts)).into_response()),
    }
}

/// `POST /api/data`, PowerSync's write API: what is to be tried again is said inside a 200.
pub(super) async fn data(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (all, outcome) = run(&server, &headers, body).await?;
    let results = Results::write_api(&outcome.verdicts, outcome.stopped.as_ref(), all);
    Ok(Json(results).into_response())
}

/// Takes a request to its outcome; gives the number of its transactions, too.
async fn run(
    server: &Arc<Server>,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<(usize, Outcome), Problem> {
    let received = receive(server, headers, &mut body).await;
    let (admitted, user, upload) = received.inspect_err(|_| {
        // Who is still sending when the connection closes never reads the answer.
        tokio::spawn(timeout(LINGER, drain(body, server.limits.bytes)));
    })?;
    let all = upload.transactions.len();
    // On its own: a client that hangs up must not leave half of it to a dropped connection.
    let task = tokio::spawn(apply(server.clone(), admitted, user, upload).in_current_span());
    let outcome = task.await.map_err(|why| {
        tracing::error!(%why, "an upload broke off");
        Problem::Later(Retry::new("the server could not apply it"))
    })?;
    Ok((all, outcome))
}

/// How long what is not wanted any more is still taken.
const LINGER: Duration = Duration::from_secs(2);

async fn drain(mut body: Body, most: usize) {
    let mut bytes = 0;
    while bytes < most
        && let Some(Ok(frame)) = body.frame().await
    {
        bytes += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// Takes a request up to its last byte.
async fn receive(
    server: &Server,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<(Admitted, String, Upload), Problem> {
    let user = server.authenticate(headers).await?.id;
    check(server, headers)?;
    let mut admitted = server.admission.admit(&user)?;
    let patience = server.body_timeout;
    let upload = timeout(patience, read(server, &user, body, &mut admitted)).await;
    let upload = upload.map_err(|_| Problem::Later(Retry::new("the body took too long")))??;
    Ok((admitted, user, upload))
}

async fn apply(server: Arc<Server>, admitted: Admitted, user: String, upload: Upload) -> Outcome {
    let tally = Tally::of(&server.engine.catalog, &upload.transactions);
    let outcome = server.engine.apply(&user, upload).await;
    drop(admitted);
    tally.count(&outcome);
    for verdict in &outcome.verdicts {
        if let Verdict::Rejected(rejection) = verdict {
            tracing::info!(
                code = %rejection.refusal.code.name(),
                op_index = rejection.op_index,
                column = rejection.refusal.column.as_deref(),
                "a transaction was rejected"
            );
        }
    }
    outcome
}

fn check(server: &Server, headers: &HeaderMap) -> Result<(), Problem> {
    let media = headers
        .get(CONTENT_TYPE)
        .map(|it| it.to_str().unwrap_or_default());
    let media = media.map(|it| it.split(';').next().unwrap_or_default().trim());
    // Nothing is unpacked: a few bytes could become more than any limit lets in.
    let packed = headers.get(CONTENT_ENCODING);
    if packed.is_some_and(|it| it != "identity")
        || !media.is_none_or(|it| it.eq_ignore_ascii_case("application/json"))
    {
        return Err(Problem::MediaType);
    }
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|it| it.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > server.limits.bytes) {
        let message = format!("the body is longer than {} bytes", server.limits.bytes);
        return Err(Problem::TooLarge(message));
    }
    Ok(())
}

/// Reads the body as it arrives.
async fn read(
    server: &Server,
    user: &str,
    body: &mut Body,
    admitted: &mut Admitted,
) -> Result<Upload, Problem> {
    let mut reader = Reader::new(&server.engine.catalog, user, server.limits);
    while let Some(frame) = body.frame().await {
        // The client has gone: nobody reads the answer.
        let frame = frame.map_err(|_| Problem::Later(Retry::new("the body broke off")))?;
        if let Some(chunk) = frame.data_ref() {
            admitted.buffer(chunk.len())?;
            reader.feed(chunk)?;
        }
    }
    Ok(reader.finish()?)
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::NotAnUpload(why) => Self::NotAnUpload(why),
            BodyError::TooLarge(why) => Self::TooLarge(why),
        }
    }
}
