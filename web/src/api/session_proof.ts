// SessionProof: that a request comes from whoever logged in, not just from someone who saw the token
// (docs/formats/http.md, src/http/request_proof.h). The key can't be read out of this page again, not even
// by a script in it.

/** What a login asks for as it begins. */
export const sessionKeyAlgorithm = 'hmac-sha256';

export class SessionProof {
  readonly #key: CryptoKey;
  readonly #now: () => number;
  /** How far the server's clock is before ours, as far as it has said, in milliseconds. */
  #ahead = 0;

  private constructor(key: CryptoKey, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  static async of(key: Uint8Array, now: () => number = Date.now): Promise<SessionProof> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    return new SessionProof(await crypto.subtle.importKey('raw', Uint8Array.from(key), algorithm, false, ['sign']), now);
  }

  /** The fields that go along. `url` is the request's own, `body` its bytes where there are any. */
  async fields(method: string, url: URL, token: string, body: Uint8Array | undefined): Promise<Record<string, string>> {
    const created = Math.floor((this.#now() + this.#ahead) / 1000);
    const fields: Record<string, string> = {};
    const lines = [`"@method": ${method}`, `"@path": ${url.pathname}`, `"@query": ${url.search === '' ? '?' : url.search}`];
    let components = '"@method" "@path" "@query"';
    if (body !== undefined && body.length > 0) {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(body)));
      fields['Content-Digest'] = `sha-256=:${base64(digest)}:`;
      lines.push(`"content-digest": ${fields['Content-Digest']}`);
      components += ' "content-digest"';
    }
    const parameters = `(${components} "authorization");created=${String(created)};alg="hmac-sha256";tag="sealift-session"`;
    lines.push(`"authorization": Bearer ${token}`, `"@signature-params": ${parameters}`);
    const mac = await crypto.subtle.sign('HMAC', this.#key, new TextEncoder().encode(lines.join('\n')));
    fields['Signature-Input'] = `s=${parameters}`;
    fields['Signature'] = `s=:${base64(new Uint8Array(mac))}:`;
    return fields;
  }

  /** Takes the server's time; whether ours was so far off that a refusal may be due to that. */
  follow(date: string | null): boolean {
    const told = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(told)) return false;
    const before = this.#ahead;
    this.#ahead = told - this.#now();
    return Math.abs(this.#ahead - before) > 30_000;
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
