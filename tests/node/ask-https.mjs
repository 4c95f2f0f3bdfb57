// Gets a URL over HTTP/1.1 and HTTP/2, trusting one authority only: node ask-https.mjs URL ROOT.PEM
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { request } from "node:https";

const [url, root] = process.argv.slice(2);
const ca = readFileSync(root);

const text = async (stream) => {
  let all = "";
  for await (const chunk of stream) all += chunk;
  return all;
};

const first = await new Promise((done, fail) => {
  request(url, { ca }, done).on("error", fail).end();
});
console.log(`http/1.1 ${first.statusCode} ${await text(first)}`);

const session = connect(url, { ca });
const stream = session.request({ ":path": new URL(url).pathname });
const status = await new Promise((done, fail) => {
  session.on("error", fail);
  stream.on("response", (headers) => done(headers[":status"]));
});
console.log(`${session.alpnProtocol} ${status} ${await text(stream)}`);
session.close();
