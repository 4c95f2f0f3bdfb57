//! What stands around the ops of a request, in the three shapes that connectors send.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// A request without its ops.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) client_id: Option<String>,
    pub(super) schema_version: Option<String>,
    /// One a client transaction, in order.
    pub(super) transactions: Vec<Around>,
}

/// A client transaction without its ops.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub(super) op_id: Option<String>,
}

/// An empty array, where ops stood.
type Ops = Option<Vec<IgnoredAny>>;

#[derive(Deserialize)]
struct Request {
    #[serde(alias = "clientId")]
    client_id: Option<String>,
    #[serde(alias = "schemaVersion")]
    schema_version: Option<String>,
    transactions: Option<Vec<Transaction>>,
    #[serde(
        alias = "crud",
        alias = "operations",
        alias = "entries",
        alias = "batch"
    )]
    ops: Ops,
    #[serde(
        alias = "opId",
        alias = "transaction_id",
        alias = "transactionId",
        alias = "tx_id"
    )]
    op_id: Option<OpId>,
}

#[derive(Deserialize)]
struct Transaction {
    #[serde(
        alias = "opId",
        alias = "transaction_id",
        alias = "transactionId",
        alias = "tx_id",
        alias = "id"
    )]
    op_id: Option<OpId>,
    #[serde(
        alias = "crud",
        alias = "operations",
        alias = "entries",
        alias = "batch"
    )]
    ops: Ops,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OpId {
    Number(serde_json::Number),
    Text(String),
}

impl OpId {
    fn text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// Reads the envelope, or says what keeps it from being an upload.
pub(super) fn read(text: &[u8]) -> Result<Envelope, String> {
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        // A bare list of ops is one transaction.
        serde_json::from_slice::<Vec<IgnoredAny>>(text).map_err(|why| why.to_string())?;
        return Ok(Envelope {
            client_id: None,
            schema_version: None,
            transactions: vec![Around::default()],
        });
    }
    let request: Request = serde_json::from_slice(text).map_err(|why| why.to_string())?;
    let around = |op_id: Option<OpId>, ops: &Ops| match ops {
        Some(left) if left.is_empty() => Ok(Around {
            op_id: op_id.map(OpId::text).filter(|it| is_name(it)),
        }),
        Some(_) => Err("the list of ops has a name that is written with escapes".to_owned()),
        None => Err("a transaction has no list of ops".to_owned()),
    };
    let transactions = match (request.transactions, &request.ops) {
        (Some(all), None) => all
            .into_iter()
            .map(|it| around(it.op_id, &it.ops))
            .collect::<Result<_, _>>()?,
        (None, Some(_)) => vec![around(request.op_id, &request.ops)?],
        (Some(_), Some(_)) => return Err("both transactions and ops at the top".to_owned()),
        (None, None) => return Err("neither transactions nor ops".to_owned()),
    };
    for (what, id) in [
        ("client_id", &request.client_id),
        ("schema_version", &request.schema_version),
    ] {
        if id.as_deref().is_some_and(|id| !is_name(id)) {
            return Err(format!(
                "{what} is empty, longer than 128 bytes, or holds a NUL"
            ));
        }
    }
    Ok(Envelope {
        client_id: request.client_id,
        schema_version: request.schema_version,
        transactions,
    })
}

/// May it be kept as a key?
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && !text.contains('\0')
}
