export type LiveState = "live" | "connecting" | "polling" | "offline";
export type LiveSignal = { kind: "changed" } | { kind: "state"; state: LiveState };
export type Tell = (signal: LiveSignal) => void;

export const CHANGED: LiveSignal = { kind: "changed" };
export const stateIs = (state: LiveState): LiveSignal => ({ kind: "state", state });

/** What to do without live news; a browser that knows it is offline need not try. */
export const stateWithout = (): LiveSignal => stateIs(navigator.onLine ? "polling" : "offline");
