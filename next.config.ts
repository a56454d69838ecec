import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

// The Content-Security-Policy carries a nonce per request, so `proxy.ts` sets it; these are the constant ones.
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  // The consent popup of a vendor must still reach its opener's tab.
  { key: "Cross-Origin-Opener-Policy", value: "same-origin-allow-popups" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=()" },
];

// A client's own page is known by its address alone. "no-referrer" would post its forms with `Origin: null`, which no
// gate can accept, so the pages with a form tell their address to ourselves and nobody else.
const ownPage = [
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cache-Control", value: "private, no-store" },
  { key: "X-Robots-Tag", value: "noindex" },
];
const ownForm = [{ key: "Referrer-Policy", value: "same-origin" }];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Title and icon come with the head, for everybody: sent later, a screen reader meets a page without a name, and
  // browsers ask for a /favicon.ico nobody has. They need nothing but words, so nothing waits for them.
  htmlLimitedBots: /.*/,
  // `npm run check` compiles everything, tests included; the demo's build need not do it again.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: [
    "inngest",
    "@opentelemetry/api",
    "@opentelemetry/auto-instrumentations-node",
    "@googleapis/calendar",
    "google-auth-library",
    "postgres",
    "pino",
    "nodemailer",
    "react-email",
  ],
  async headers() {
    return [
      { source: "/:path*", headers },
      { source: "/booking/:path*", headers: ownPage },
      { source: "/booking/:token/:step(move|cancel)", headers: ownForm },
    ];
  },
};

const withIntl = createNextIntlPlugin({
  requestConfig: "./app/_i18n/request.ts",
  // Messages are parsed by the build, so no page carries the parser.
  experimental: { messages: { path: "./messages", format: "json", locales: ["en", "fr"], precompile: true } },
});

export default withIntl(config);
