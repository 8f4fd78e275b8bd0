// tus-js-client against a running server: sends a file in pieces, breaks off half-way, goes on in a
// new Upload that knows nothing but the URL. With "terminate": breaks off, and terminates.
//
//   node tus_interop.mjs UPLOAD_URL KEY FILE [terminate]
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";

const npm = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../tools/npm/");
const tus = createRequire(npm)("tus-js-client");
const [uploadUrl, key, file, mode] = process.argv.slice(2);
const size = statSync(file).size;

function options(more) {
  return {
    uploadUrl,
    chunkSize: 1_000_003,
    uploadSize: size,
    retryDelays: [0, 100, 500],
    headers: { "Sealift-Upload-Key": key },
    ...more,
  };
}

// Sends until `stopAt` bytes are accepted, then breaks off in the middle of a piece.
function sendPart(stopAt) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(file), options({
      onError: reject,
      onSuccess: () => reject(new Error("finished too early")),
      onChunkComplete: (_, accepted) => {
        if (accepted >= stopAt) upload.abort(false).then(() => resolve(accepted), reject);
      },
    }));
    upload.start();
  });
}

function sendRest(accepted) {
  return new Promise((resolve, reject) => {
    let first = null;
    const upload = new tus.Upload(createReadStream(file), options({
      onError: reject,
      onProgress: (sent) => { first ??= sent; },
      onSuccess: () => {
        if (first < accepted) reject(new Error(`began again at ${first}, after ${accepted}`));
        else resolve();
      },
    }));
    upload.start();
  });
}

const accepted = await sendPart(size / 2);
if (mode === "terminate") await tus.Upload.terminate(uploadUrl, options({}));
else await sendRest(accepted);
process.exit(0);
