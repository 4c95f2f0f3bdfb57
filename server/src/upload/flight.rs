//! Statements that are sent in one flight: all are on their way before the first is answered.

use std::future::Future;
use std::pin::Pin;

use deadpool_postgres::Client;
use futures_util::future::poll_fn;
use std::task::Poll;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row, Statement};

/// A statement with what is bound to it.
pub(super) struct Bound<'a> {
    pub(super) statement: Statement,
    pub(super) parameters: Vec<&'a (dyn ToSql + Sync)>,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>;

/// Sends BEGIN, the statements and COMMIT together, and gives the rows of each.
///
/// # Errors
///
/// The first error. PostgreSQL then skips the statements behind it and answers the COMMIT with a
/// ROLLBACK, which the driver reports as a success: so each answer is looked at, not only the last.
pub(super) async fn fly(client: &Client, statements: &[Bound<'_>]) -> Result<Vec<Vec<Row>>, Error> {
    let mut answers: Vec<Answer<'_>> = Vec::with_capacity(statements.len() + 2);
    answers.push(plain(client, "BEGIN"));
    for bound in statements {
        answers.push(Box::pin(client.query(&bound.statement, &bound.parameters)));
    }
    answers.push(plain(client, "COMMIT"));
    let mut done: Vec<Option<Result<Vec<Row>, Error>>> = Vec::with_capacity(answers.len());
    done.resize_with(answers.len(), || None);
    // The driver sends at the first poll: in order, and none waits for another's answer.
    poll_fn(|context| {
        let mut pending = false;
        for (answer, slot) in answers.iter_mut().zip(&mut done) {
            if slot.is_none() {
                match answer.as_mut().poll(context) {
                    Poll::Ready(result) => *slot = Some(result),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    let mut rows = Vec::with_capacity(statements.len());
    for answer in done.into_iter().flatten() {
        rows.push(answer?);
    }
    // Without the answers to BEGIN and COMMIT, which have no rows.
    rows.pop();
    rows.remove(0);
    Ok(rows)
}

fn plain<'a>(client: &'a Client, sql: &'static str) -> Answer<'a> {
    Box::pin(async move {
        client.batch_execute(sql).await?;
        Ok(Vec::new())
    })
}
