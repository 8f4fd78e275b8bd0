// The way from a browser to a server, which goes away when it is told to: at once, or in the middle of a
// transfer, after so many bytes. May give out a page of its own before it passes everything else on.
import { readFileSync } from 'node:fs';
import { createServer, request as askServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

export class Road {
  /** `folder`: a built page; "" for the server's own. */
  static async open(target, folder = '') {
    const road = new Road();
    road.target = target;
    road.sockets = new Set();
    road.isCut = false;
    road.bytesLeft = Infinity;
    road.onCut = () => undefined;
    const policy = folder && readPolicy();
    road.http = createServer((request, response) => {
      const page = request.url === '/' ? 'index.html' : request.url.slice(1);
      if (request.url === '/favicon.ico') response.writeHead(204).end();
      else if (folder && (page === 'index.html' || page.startsWith('assets/'))) {
        response.writeHead(200, { 'Content-Type': types[page.split('.').at(-1)], 'Content-Security-Policy': policy });
        response.end(readFileSync(join(folder, page)));
      } else road.pass(request, response);
    });
    road.http.on('connection', (socket) => {
      if (road.isCut) return socket.destroy();
      road.sockets.add(socket);
      return socket.on('close', () => road.sockets.delete(socket));
    });
    await new Promise((resolve) => road.http.listen(0, '127.0.0.1', resolve));
    road.url = `http://127.0.0.1:${road.http.address().port}`;
    return road;
  }

  pass(request, response) {
    const passed = askServer(this.target + request.url, {
      method: request.method,
      headers: { ...request.headers, host: new URL(this.target).host },
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.on('data', (bytes) => this.count(bytes.length)).pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.on('data', (bytes) => this.count(bytes.length)).pipe(passed);
  }

  count(bytes) {
    this.bytesLeft -= bytes;
    if (this.bytesLeft > 0) return;
    this.bytesLeft = Infinity;
    this.cut();
    this.onCut();
  }

  /** Resolves once `bytes` more have passed, and nothing passes any more. */
  cutAfter(bytes) {
    this.bytesLeft = bytes;
    return new Promise((resolve) => {
      this.onCut = resolve;
    });
  }
  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }
  mend() {
    this.isCut = false;
  }
  close() {
    this.cut();
    this.http.close();
  }
}

function readPolicy() {
  const text = readFileSync(fileURLToPath(new URL('../../src/http/response_head.h', import.meta.url)), 'utf8');
  const start = text.indexOf('kPagePolicy');
  return [...text.slice(start, text.indexOf(';\n', start)).matchAll(/"([^"]*)"/g)].map((part) => part[1]).join('');
}
