/** What a server action answers to a control. `message` is a sentence in the visitor's language. */
export type ActionResult = { status: "done" } | { status: "failed"; message: string };
