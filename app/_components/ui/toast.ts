export interface ToastMessage {
  tone: "success" | "info" | "error";
  text: string;
}

type Display = (message: ToastMessage) => void;

const waiting: ToastMessage[] = [];
let display: Display | null = null;
let summon: (() => void) | null = null;

function say(tone: ToastMessage["tone"]) {
  return (text: string) => {
    if (display !== null) display({ tone, text });
    else {
      waiting.push({ tone, text });
      summon?.();
    }
  };
}

/** Short messages at the edge of the page. What is said before their region stands is shown once it does. */
export const toast = { success: say("success"), info: say("info"), error: say("error") };

/** Calls `bring` when a message waits for the region. Returns how to stop. */
export function onWaitingToast(bring: () => void): () => void {
  summon = bring;
  if (waiting.length > 0) bring();
  return () => {
    summon = null;
  };
}

/** The region stands: it gets what waited and all that follows. Returns how to stop. */
export function displayToasts(show: Display): () => void {
  display = show;
  for (const message of waiting.splice(0)) show(message);
  return () => {
    display = null;
  };
}
