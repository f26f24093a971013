// Makes the calls that it reads, one a line, by fetch, which is undici, and prints the answers.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const [method, url, body, ...fields] = line.split("\t");
  const headers = {};
  for (let at = 0; at < fields.length; at += 2) headers[fields[at]] = fields[at + 1];
  const answer = await fetch(url, { method, headers, body: Buffer.from(body, "base64") });
  const text = Buffer.from(await answer.arrayBuffer()).toString("base64");
  console.log(`${answer.status}\t${text}`);
}
