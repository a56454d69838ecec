/** The sandbox's only clock. It runs ahead of or behind the machine by an offset that tests and the control page move. */
export interface Clock {
  now(): Date;
  /** Milliseconds since the epoch. */
  ms(): number;
  advance(milliseconds: number): void;
  /** Makes the clock read this instant now; it keeps ticking from there. */
  set(instant: Date): void;
  /** Back to the machine's time. */
  reset(): void;
  /** Milliseconds by which this clock is ahead of the machine. */
  offset(): number;
  /** Calls back after every jump (never for mere ticking). */
  onJump(listener: () => void): void;
}

export function createClock(initialOffset = 0): Clock {
  let offset = initialOffset;
  const listeners: (() => void)[] = [];
  const jumpTo = (next: number) => {
    offset = next;
    for (const listener of listeners) listener();
  };
  const ms = () => Date.now() + offset;
  return {
    ms,
    now: () => new Date(ms()),
    advance: (milliseconds) => jumpTo(offset + milliseconds),
    set: (instant) => jumpTo(instant.getTime() - Date.now()),
    reset: () => jumpTo(0),
    offset: () => offset,
    onJump: (listener) => listeners.push(listener),
  };
}
