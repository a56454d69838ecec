/** The one place that reads the machine's time; everything else receives a `Clock` or a `now: Date`. */
export interface Clock {
  now(): Date;
}

export function systemClock(): Clock {
  return { now: () => new Date() };
}

/** A clock that stands still, for jobs run "as if it were that instant". */
export function fixedClock(instant: Date): Clock {
  return { now: () => new Date(instant) };
}
