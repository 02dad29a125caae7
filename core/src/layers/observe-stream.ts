/** What looks on while a stream is read. */
export interface StreamObserver<T> {
  /** Before the stream is opened. */
  start?(): Promise<void> | undefined;
  /** The reader asks for an item. */
  ask?(): void;
  /** An item is there, and will be handed on when this is done. */
  item?(item: T): Promise<void> | undefined | void;
  /** Once, however it ends; `error` where it ended by one. A reader that leaves early is no error. `asked`: an item was asked for. */
  end?(error: unknown, asked: boolean): void;
}

/** The stream that `open` gives, watched. Nothing is opened until it is read. */
export async function* observeStream<T>(
  open: () => AsyncIterable<T>,
  observer: StreamObserver<T>,
): AsyncGenerator<T, void, undefined> {
  await observer.start?.();
  let failure: unknown;
  let asked = true;
  try {
    observer.ask?.();
    for await (const item of open()) {
      asked = false;
      const wait = observer.item?.(item);
      if (wait !== undefined) await wait;
      yield item;
      asked = true;
      observer.ask?.();
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    observer.end?.(failure, asked);
  }
}
