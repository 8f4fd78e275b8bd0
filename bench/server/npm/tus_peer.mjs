// The reference tus server of npm, as bench/server/tus.py's peer: node tus_peer.mjs PORT FOLDER [KEY CERTIFICATE]
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

const [port, directory, key, certificate] = process.argv.slice(2);
const tus = new Server({ path: "/files", datastore: new FileStore({ directory }) });
const answer = (request, response) => tus.handle(request, response);
const server = key
  ? https.createServer({ key: readFileSync(key), cert: readFileSync(certificate), minVersion: "TLSv1.3" }, answer)
  : http.createServer(answer);
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
