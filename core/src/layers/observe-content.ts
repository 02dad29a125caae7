import type { Content } from '../contracts/content.ts';
import { observeStream, type StreamObserver } from './observe-stream.ts';

/** The same content, watched each time that it is opened. What copies `content.local` by itself is not seen. */
export function observeContent(
  content: Content,
  observer: (signal: AbortSignal | undefined) => StreamObserver<Uint8Array>,
): Content {
  return {
    ...contentFacts(content),
    open: (options) => observeStream(() => content.open(options), observer(options.signal)),
  };
}

/** What a content tells of itself. Named one by one, since a content may be an object of a class. */
export function contentFacts(content: Content): Omit<Content, 'open'> {
  return {
    size: content.size,
    ...(content.version === undefined ? {} : { version: content.version }),
    ...(content.local === undefined ? {} : { local: content.local }),
  };
}
