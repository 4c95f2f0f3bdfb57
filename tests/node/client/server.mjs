// A server in this process that follows the upload contract, and beside it the least of a PowerSync Service.
//
// It keeps what it is sent in memory, as PostgreSQL would: one verdict for each (user, client, op id, ops), in order.
// `server.next` holds answers that come before the real one: {status, headers?, body?}, "drop" (the answer is lost after the
// effect), "cut" (the connection breaks before it), or a function that gets the request.

import { createServer } from "node:http";

export async function startServer({ lifetime = 900, refuse = () => undefined } = {}) {
  const state = {
    user: "user-1",
    lifetime,
    refuse,
    next: [],
    uploads: [],
    tokens: 0,
    configs: 0,
    rows: new Map(),
    applied: [],
    verdicts: new Map(),
    streams: new Set(),
    writeCheckpoint: 0,
    /** Tokens that are no longer taken. */
    revoked: new Set(),
  };
  const http = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const path = request.url.split("?")[0];
    const send = (status, value, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    const user = readUser(state, request.headers.authorization);
    switch (path) {
      case "/api/auth/token":
        state.tokens += 1;
        return state.user === null ? send(401, {}) : send(200, { token: mint(state) });
      case "/api/powersync/config":
        state.configs += 1;
        return user === undefined ? send(401, {}) : send(200, { powersyncUrl: state.address, userId: user });
      case "/api/powersync/upload":
        return upload(state, { user, body, request, response, send });
      case "/sync/stream":
        return stream(state, response);
      case "/write-checkpoint2.json":
        state.writeCheckpoint += 1;
        for (const open of state.streams) open.write(checkpoint(state));
        return send(200, { data: { write_checkpoint: `${state.writeCheckpoint}` } });
      default:
        return send(404, {});
    }
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  state.address = `http://127.0.0.1:${http.address().port}`;
  state.stop = async () => {
    for (const open of state.streams) open.destroy();
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
  };
  return state;
}

function upload(state, { user, body, response, send }) {
  const request = JSON.parse(body);
  const answer = state.next.shift();
  if (answer === "cut") return response.destroy();
  if (typeof answer === "object") return send(answer.status, answer.body ?? {}, answer.headers);
  const other = typeof answer === "function" ? answer(request) : undefined;
  if (other !== undefined) return send(other.status, other.body ?? {}, other.headers);
  if (user === undefined) return send(401, {});
  state.uploads.push(request);
  const results = request.transactions.map((transaction) => {
    const key = JSON.stringify([user, request.client_id, transaction]);
    const before = state.verdicts.get(key);
    if (before !== undefined) return { ...before, status: "duplicate" };
    const refused = state.refuse(transaction);
    const verdict = refused === undefined ? { status: "applied" } : { status: "rejected", ...refused };
    state.verdicts.set(key, verdict);
    if (refused === undefined) apply(state, user, transaction);
    return verdict;
  });
  if (answer === "drop") return response.destroy();
  send(200, { results });
}

function apply(state, user, { op_id, ops }) {
  state.applied.push(op_id);
  for (const { op, table, id, data } of ops) {
    const key = `${table}/${id}`;
    if (op === "DELETE") state.rows.delete(key);
    else if (op === "PUT") state.rows.set(key, { ...data, owner_id: user });
    else if (state.rows.get(key)?.owner_id === user) Object.assign(state.rows.get(key), data);
  }
}

function mint({ user, lifetime }) {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: user, iat, exp: iat + lifetime, jti: Math.random() })}.`;
}

function readUser(state, header) {
  const token = header?.replace(/^(Bearer|Token) /, "");
  if (token === undefined || state.revoked.has(token)) return undefined;
  const claims = token.split(".")[1];
  if (claims === undefined) return undefined;
  const { sub, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  return exp * 1000 > Date.now() ? sub : undefined;
}

/** An empty download, complete at once. */
function stream(state, response) {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.write(checkpoint(state));
  state.streams.add(response);
  response.on("close", () => state.streams.delete(response));
}

function checkpoint({ writeCheckpoint }) {
  const checkpoint = { last_op_id: "0", write_checkpoint: `${writeCheckpoint}`, buckets: [], streams: [] };
  return `${JSON.stringify({ checkpoint })}\n${JSON.stringify({ checkpoint_complete: { last_op_id: "0" } })}\n`;
}
