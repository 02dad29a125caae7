import type { CallOptions } from '../../contracts/call-options.ts';
import type { Content } from '../../contracts/content.ts';
import type { Destination, ObjectInfo, StagedObject } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Verifier } from '../../contracts/verifier.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { comparableAlgorithm } from '../../verification/verify-digest.ts';
import type { CallName } from '../call-table.ts';
import type { Layer, OwnCalls } from '../layer.ts';
import { passThrough } from '../pass-through.ts';
import type { Retrier } from '../retry/retrier.ts';
import { ContentTap } from './content-tap.ts';

/**
 * Every `write` and `create` is proved by `verifier` before it resolves; what is not what was sent is sent again, and where it stays
 * wrong the call rejects with `verify-failed` and leaves nothing under the key. A destination that stages is proved before it
 * publishes, so that the old object stays.
 *
 * What other calls store is proved by who asks for it: a batch by its own digests and `inspect`, a copy by the digest of its origin.
 */
export function verifiedLayer(verifier: Verifier, retrier: Retrier): Layer {
  return { ...passThrough, own: (inner) => verifiedCalls({ inner, verifier, retrier }) };
}

interface Proving {
  readonly inner: Destination;
  readonly verifier: Verifier;
  readonly retrier: Retrier;
}

function verifiedCalls(proving: Proving): OwnCalls {
  const { inner } = proving;
  const { createOnly } = inner.capabilities;
  return {
    write: (key, content, options) => {
      const object = new ObjectUnderProof(proving, key, content, options);
      return object.store('write', (measured) =>
        inner.write(key, measured, {
          ...options,
          verify: async (staged) => {
            await options.verify?.(staged);
            await object.proveStaged(staged);
          },
        }),
      );
    },
    ...(createOnly && {
      'createOnly.create': (key, content, options) => {
        const object = new ObjectUnderProof(proving, key, content, options);
        return object.store('createOnly.create', (measured) => createOnly.create(key, measured, options));
      },
    }),
  };
}

/** One object on its way, until it is proved to be what was sent. */
class ObjectUnderProof {
  readonly #proving: Proving;
  readonly #key: RelPath;
  readonly #content: Content;
  readonly #tap: ContentTap;
  readonly #options: CallOptions;
  #proved = false;
  #stored = false;

  constructor(proving: Proving, key: RelPath, content: Content, { signal }: CallOptions) {
    const { inner, verifier } = proving;
    this.#proving = proving;
    this.#key = key;
    this.#content = content;
    this.#tap = new ContentTap(content, verifier.method === 'digest' ? comparableAlgorithm(inner) : undefined);
    this.#options = signal === undefined ? {} : { signal };
  }

  /** Stores until what is there is proved. Errors of storing itself were tried again by the layer below. */
  store<T extends ObjectInfo | 'created' | 'exists'>(name: CallName, call: (measured: Content) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => {
      this.#proved = false;
      this.#stored = false;
      const answer = await call(this.#tap.content);
      this.#stored = true;
      if (answer !== 'exists' && !this.#proved) await this.#proveStored();
      return answer;
    };
    const retried = { name, key: this.#key, signal: this.#options.signal };
    return this.#proving.retrier.run(retried, attempt, ({ code }) => this.#stored && code === 'verify-failed');
  }

  async proveStaged(staged: StagedObject): Promise<void> {
    await this.#prove(stagedView(this.#proving.inner, staged));
    this.#proved = true;
  }

  async #proveStored(): Promise<void> {
    const { inner } = this.#proving;
    try {
      await this.#prove(inner);
    } catch (error) {
      await dropWrong(inner, this.#key, error);
      throw error;
    }
  }

  async #prove(where: Destination): Promise<void> {
    const expected = { key: this.#key, content: this.#content, ...(await this.#tap.measure(this.#options)) };
    const outcome = await this.#proving.verifier.verify(expected, where, this.#options);
    if (outcome.ok) return;
    const message = `Writing "${this.#key}" went wrong: ${outcome.reason ?? 'what is there is not what was sent'}.`;
    throw new HoldfastError('verify-failed', message, { path: this.#key });
  }
}

/** What is staged, as a destination that a verifier can look at. */
function stagedView(inner: Destination, staged: StagedObject): Destination {
  return {
    ...inner,
    capabilities: {},
    stat: async (key) => ({ key, kind: 'file', size: staged.size }),
    read: (_key, options) => staged.read(options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Removes what was proved wrong; what could not be looked at stays. The proof's own error is the one to tell. */
async function dropWrong(inner: Destination, key: RelPath, error: unknown): Promise<void> {
  if (!(error instanceof HoldfastError) || error.code !== 'verify-failed') return;
  try {
    await inner.remove(key, {});
  } catch {
    // It stays there, and the caller hears that it is wrong.
  }
}
