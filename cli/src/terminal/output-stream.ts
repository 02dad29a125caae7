/** What this program uses of `process.stdout` and `process.stderr`. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done?: () => void): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  on(event: 'resize', listener: () => void): unknown;
}

const FLUSH_AT_LENGTH = 1 << 15;
const FLUSH_AFTER_MS = 50;

/** Errors that say that nobody reads any more: a closed pipe (EPIPE), a terminal that was hung up (EIO). */
const goneCodes = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/** Collects short texts and writes them together: one system call for each line would cost more than making it. */
export class BufferedOutput {
  /** Nobody reads any more; whatever is written is dropped. */
  gone = false;
  readonly #stream: OutputStream;
  readonly #onLost: (error: NodeJS.ErrnoException | undefined) => void;
  #waiting = '';
  #timer: NodeJS.Timeout | undefined;

  /** `onLost` is told once that nothing can be written any more: why, or undefined when the reader went away. */
  constructor(stream: OutputStream, onLost: (error: NodeJS.ErrnoException | undefined) => void) {
    this.#stream = stream;
    this.#onLost = onLost;
    stream.on('error', (error) => this.#lose(error));
  }

  write(text: string): void {
    if (this.gone) return;
    this.#waiting += text;
    if (this.#waiting.length >= FLUSH_AT_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '' && !this.gone) this.#stream.write(text);
  }

  /** Resolves once it is known whether everything could be written. */
  async drain(): Promise<void> {
    this.flush();
    if (!this.gone) await new Promise<void>((resolve) => this.#stream.write('', resolve));
  }

  #lose(error: NodeJS.ErrnoException): void {
    if (this.gone) return;
    this.gone = true;
    this.#onLost(goneCodes.has(error.code ?? '') ? undefined : error);
  }
}
