"use client";

import words from "@/messages/last-resort.json";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** Where no layout of the signed-in pages stands around it. Every page carries it, so it brings little along. */
export default function PlainErrorPage({ error, reset }: ErrorPageProps) {
  const french = typeof document !== "undefined" && document.documentElement.lang === "fr";
  const { title, body, retry } = words[french ? "fr" : "en"];
  return (
    <main className="mx-auto max-w-lg px-6 py-16 text-center" role="alert">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-2 text-ink-muted">{body}</p>
      <button
        className="mt-6 inline-flex h-11 items-center rounded-control bg-brand px-5 font-medium text-on-brand hover:bg-brand-hover"
        onClick={reset}
        type="button"
      >
        {retry}
      </button>
      {error.digest !== undefined && <p className="mt-6 text-xs text-ink-muted">{error.digest}</p>}
    </main>
  );
}
