// Reading a stream of bytes into memory that is there already: fresh memory is what reading costs most in a
// browser, and what it gives back last. Where the browser cannot (or a blob's stream is of another kind),
// what it gives is copied. For pages and workers.

export interface Filled {
  /** `buffer`, or what stands in its place: the one given may have been detached. */
  readonly buffer: ArrayBuffer;
  /** Bytes read, from the buffer's beginning. */
  readonly size: number;
}

/** Reads until the stream ends or `buffer` is full; what follows is not waited for. Throws what the stream does. */
export async function fillFrom(stream: ReadableStream<Uint8Array>, buffer: ArrayBuffer): Promise<Filled> {
  const direct = directReader(stream);
  if (direct === undefined) return copyFrom(stream, buffer);
  let held = buffer;
  let size = 0;
  while (size < held.byteLength) {
    const { value, done } = await direct.read(new Uint8Array(held, size));
    if (value !== undefined) {
      size += value.length;
      held = value.buffer;
    }
    if (done) return { buffer: held, size };
  }
  // Not awaited: nobody needs to know when the other side has heard.
  direct.cancel().catch(() => undefined);
  return { buffer: held, size };
}

/** Undefined: a browser whose streams of this kind cannot be read into a buffer of ours. */
export function directReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

async function copyFrom(stream: ReadableStream<Uint8Array>, buffer: ArrayBuffer): Promise<Filled> {
  const reader = stream.getReader();
  const into = new Uint8Array(buffer);
  let size = 0;
  while (size < into.length) {
    const { value, done } = await reader.read();
    if (done) return { buffer, size };
    const part = value.subarray(0, into.length - size);
    into.set(part, size);
    size += part.length;
  }
  reader.cancel().catch(() => undefined);
  return { buffer, size };
}
