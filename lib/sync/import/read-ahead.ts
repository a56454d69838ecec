/**
 * Asks for the next page while the last one is being written. Ends the source when the reader leaves early, and
 * lets no failure of a page nobody waits for any more go unheard of as an unhandled one.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const pages = source[Symbol.asyncIterator]();
  let next = pages.next();
  try {
    for (;;) {
      const page = await next;
      if (page.done) return;
      next = pages.next();
      next.catch(() => undefined);
      yield page.value;
    }
  } finally {
    await next.catch(() => undefined);
    await pages.return?.();
  }
}
