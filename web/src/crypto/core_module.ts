// CoreModule: one instance of core.wasm with its two kinds of calls: fields in and out, and content in
// memory. No document and no network: the compiled module is handed in. One thread each.
//
// The module imports randomness, ending, and nothing that reaches further (web/core/CMakeLists.txt).
import { SealiftError, type ErrorCode } from '../api/error.ts';
import { fromUtf8, toUtf8 } from '../api/encoding.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  request(size: number): number;
  call(): number;
  answer(): number;
  answer_size(): number;
  run_text(): number;
  run_sealed(): number;
  run_records(): number;
  run_put_header(at: number, to: number, size: number): void;
  run_has_header(at: number, to: number, size: number): number;
  run_seal(firstBatch: number, size: number, isLast: number): number;
  run_open(firstBatch: number, size: number, isLast: number): number;
  run_wipe(): void;
}

// base/result.h: the numbers never change.
const codes: Readonly<Record<number, ErrorCode>> = {
  1: 'malformed',
  2: 'not_found',
  3: 'forbidden',
  4: 'limit',
  5: 'locked_down',
  6: 'io',
  7: 'internal',
  8: 'usage',
  9: 'unauthorized',
  10: 'conflict',
  11: 'no_space',
  12: 'no_match',
  13: 'damaged',
  14: 'unsupported',
  15: 'over_quota',
};

/** A field of a call. Text is UTF-8; numbers are whole and below 2^53 in size. */
export type Field = string | number | Uint8Array;

export class CoreModule {
  readonly #exports: Exports;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  static async create(module: WebAssembly.Module): Promise<CoreModule> {
    let memory: WebAssembly.Memory | undefined;
    const view = (at: number, size: number): Uint8Array<ArrayBuffer> => {
      if (memory === undefined) throw new SealiftError('internal', 'the core called before it was there');
      return new Uint8Array(memory.buffer as ArrayBuffer, at, size);
    };
    const instance = await WebAssembly.instantiate(module, {
      wasi_snapshot_preview1: systemCalls(),
      env: {
        getentropy(at: number, size: number): number {
          crypto.getRandomValues(view(at, size));
          return 0;
        },
        emscripten_notify_memory_growth: (): void => undefined,
      },
    });
    const exports = instance.exports as unknown as Exports;
    memory = exports.memory;
    exports._initialize();
    return new CoreModule(exports);
  }

  /** Throws SealiftError with the core's code. */
  call(operation: string, fields: readonly Field[]): AnswerReader {
    const request = encodeFields([operation, ...fields]);
    this.view(this.#exports.request(request.length), request.length).set(request);
    request.fill(0);
    const code = this.#exports.call();
    const answer = this.view(this.#exports.answer(), this.#exports.answer_size()).slice();
    if (code !== 0) throw new SealiftError(codes[code] ?? 'internal', fromUtf8(answer));
    return new AnswerReader(answer);
  }

  /** A view of the core's memory: good until the next call. */
  view(at: number, size: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#exports.memory.buffer as ArrayBuffer, at, size);
  }

  /** Content runs (web/core/content_run.h); `text` is preceded by one byte that may be written to. */
  get run(): Exports {
    return this.#exports;
  }
}

// The part of WASI that a module without files needs: words before it ends, which nobody reads.
function systemCalls(): WebAssembly.ModuleImports {
  const badDescriptor = 8;
  return {
    proc_exit(): never {
      throw new SealiftError('internal', 'the core ended');
    },
    fd_write: (): number => badDescriptor,
    fd_close: (): number => badDescriptor,
    fd_seek: (): number => badDescriptor,
  };
}

function encodeFields(fields: readonly Field[]): Uint8Array {
  const parts = fields.map((field) =>
    typeof field === 'string' ? toUtf8(field) : typeof field === 'number' ? encodeNumber(field) : field,
  );
  const request = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0));
  const numbers = new DataView(request.buffer);
  let at = 0;
  for (const part of parts) {
    numbers.setUint32(at, part.length, true);
    request.set(part, at + 4);
    at += 4 + part.length;
  }
  return request;
}

function encodeNumber(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new SealiftError('internal', 'a number that is not whole');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}

export class AnswerReader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const size = new DataView(this.#bytes.buffer, this.#at).getUint32(0, true);
    const value = this.#bytes.slice(this.#at + 4, this.#at + 4 + size);
    this.#at += 4 + size;
    return value;
  }

  text(): string {
    return fromUtf8(this.bytes());
  }

  number(): number {
    const value = new DataView(this.#bytes.buffer, this.#at + 4).getBigInt64(0, true);
    this.#at += 12;
    return Number(value);
  }
}
