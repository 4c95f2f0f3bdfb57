//! A device: makes transactions, and uploads the head of its queue until a verdict comes.

use std::collections::VecDeque;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::postgres::Client;
use testkit::{Device, Random, device};

use super::Soak;
use super::audit::Audit;
use super::work::{Maker, Work, user};

/// A client transaction, and what the device was told of it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) user: String,
    pub(super) client: String,
    pub(super) work: Work,
    /// `applied`, `duplicate` or `rejected`; none while it is queued.
    pub(super) verdict: Option<String>,
}

/// The device and its queue.
pub(super) struct Uploader {
    device: Device,
    maker: Maker,
    random: Random,
    most: u64,
    audit: Audit,
    looking: Option<Client>,
    queue: VecDeque<Work>,
    user: String,
    client: String,
    /// All of its transactions that have left the queue, and in the end those that have not.
    pub(super) sent: Vec<Sent>,
    /// What should not have been answered.
    pub(super) wrong: Vec<String>,
}

impl Uploader {
    pub(super) fn new(soak: &Soak<'_>, user_at: usize, device_at: usize) -> Self {
        let (user, client) = (user(user_at), format!("client-{user_at}-{device_at}"));
        let device = Device::new(soak.proxy.address(), (soak.token)(&user), &client);
        let maker = Maker::new(soak.seed, user_at, device_at);
        Self {
            // Longer than any lock that is held on purpose.
            device: device.patience(Duration::from_secs(2)),
            maker,
            random: Random::new(soak.seed ^ 0xd1ce ^ (user_at * 7 + device_at) as u64),
            most: soak.transactions,
            audit: Audit::at(soak.url),
            looking: None,
            queue: VecDeque::new(),
            user,
            client,
            sent: vec![],
            wrong: vec![],
        }
    }

    /// Makes and uploads until there are enough, or the time is over.
    pub(super) fn work(&mut self, end: Instant) {
        let mut made = 0;
        while Instant::now() < end && (made < self.most || !self.queue.is_empty()) {
            while self.queue.len() < 3 && made < self.most {
                self.queue.push_back(self.maker.next());
                made += 1;
            }
            self.upload();
        }
    }

    /// Uploads what is left; what cannot be until then stays queued, which is said.
    pub(super) fn drain(&mut self, end: Instant) {
        while Instant::now() < end && !self.queue.is_empty() {
            self.upload();
        }
        if !self.queue.is_empty() {
            let line = format!(
                "{} cannot get rid of its queue, though all is well",
                self.client
            );
            self.wrong.push(line);
        }
        while let Some(work) = self.queue.pop_front() {
            self.note(work, None);
        }
    }

    fn upload(&mut self) {
        let count = (1 + self.random.below(3) as usize).min(self.queue.len());
        let head = self.queue.iter().take(count);
        let transactions: Vec<_> = head
            .map(|it| device::transaction(it.op_id, &it.ops))
            .collect();
        match self.device.upload(&transactions) {
            Ok(answer) if answer.status == 200 => {
                let answer = answer.json();
                let results = answer["results"].as_array().cloned().unwrap_or_default();
                if results.len() != count {
                    self.wrong
                        .push(format!("{count} transactions got {answer}"));
                }
                for result in results.iter().take(count) {
                    if let Some(work) = self.queue.pop_front() {
                        self.complete(work, result);
                    }
                }
            }
            // Refused for good: the device's queue would be blocked for ever.
            Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => {
                self.wrong
                    .push(format!("{} was answered {answer}", self.client));
                self.queue.clear();
                self.most = 0;
            }
            _ => thread::sleep(Duration::from_millis(5 + self.random.below(30))),
        }
    }

    fn complete(&mut self, work: Work, result: &Value) {
        let verdict = result["status"].as_str().unwrap_or("nothing").to_owned();
        if verdict == "applied" && !work.effects.is_empty() {
            self.look(&work);
        }
        self.note(work, Some(verdict));
    }

    /// What is acknowledged must be there, for anybody, now.
    fn look(&mut self, work: &Work) {
        if self.looking.is_none() {
            self.looking = self.audit.connect();
        }
        let seen = self.looking.as_mut();
        match seen.and_then(|client| Audit::visible(client, &work.effects)) {
            Some(seen) if seen as usize == work.effects.len() => {}
            Some(seen) => self.wrong.push(format!(
                "{} {}: acknowledged with {seen} of {:?} visible",
                self.client, work.serial, work.effects
            )),
            // The database is away, and with it the connection.
            None => self.looking = None,
        }
    }

    fn note(&mut self, work: Work, verdict: Option<String>) {
        self.sent.push(Sent {
            user: self.user.clone(),
            client: self.client.clone(),
            work,
            verdict,
        });
    }
}
