"use client";

import words from "@/messages/last-resort.json";

const locales = ["en", "fr"] as const;

/**
 * Stands in for the root layout when that one fails, so nothing of it can be relied on: no theme, no translations
 * from the server, no script. Both languages are shown, because the visitor's is unknown here.
 */
export default function GlobalError() {
  return (
    <html lang="en">
      <body
        style={{
          fontFamily: "system-ui, sans-serif",
          margin: "12vh auto",
          maxWidth: "32rem",
          padding: "0 1rem",
        }}
      >
        <title>Entente</title>
        <main>
          <h1>Entente</h1>
          {locales.map((locale) => (
            <section key={locale} lang={locale}>
              <h2>{words[locale].title}</h2>
              <p>{words[locale].body}</p>
              <p>
                <a href="/">{words[locale].retry}</a>
              </p>
            </section>
          ))}
        </main>
      </body>
    </html>
  );
}
