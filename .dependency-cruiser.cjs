// Rooms in import order: a room may import only from rooms listed before it.
const rooms = [
  "lib/platform",
  "lib/calendar",
  "db",
  "lib/providers",
  "lib/organizations",
  "lib/connections",
  "lib/bookings",
  "lib/mail",
  "lib/sync",
  "lib/reporting",
  "lib/privacy",
  "emails",
  "inngest",
  "app",
];
const at = (room) => `^${room}/`;

const order = rooms.slice(0, -1).map((room, index) => ({
  name: `${room.replace("lib/", "")}-imports-only-to-its-left`,
  severity: "error",
  comment: `${room} may import only from: ${rooms.slice(0, index).join(", ") || "nothing"}`,
  from: { path: at(room), pathNot: "\\.test\\.tsx?$" },
  to: { path: rooms.slice(index + 1).map(at) },
}));

const ban = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { path: to },
});

module.exports = {
  forbidden: [
    ...order,
    ban(
      "platform-is-the-floor",
      "^lib/platform/",
      "^(lib/(?!platform/)|db/|emails/|inngest/|app/)",
      "It imports no other room.",
    ),
    ban(
      "calendar-is-pure",
      "^lib/calendar/",
      "^(lib/(?!calendar/)|db/|emails/|inngest/|app/)",
      "No I/O, no other room.",
    ),
    ban(
      "db-knows-no-product",
      "^db/",
      "^(lib/(?!platform/|calendar/)|emails/|inngest/|app/)",
      "Tables, not verbs.",
    ),
    ban(
      "providers-know-no-database",
      "^lib/providers/",
      "^db/",
      "An adapter translates HTTP; the engine stores.",
    ),
    ban(
      "vendors-know-not-each-other",
      "^lib/providers/google/",
      "^lib/providers/microsoft/",
      "Share through lib/providers/*.ts.",
    ),
    ban(
      "vendors-know-not-each-other-2",
      "^lib/providers/microsoft/",
      "^lib/providers/google/",
      "Share through lib/providers/*.ts.",
    ),
    ban(
      "app-goes-through-lib",
      "^app/",
      "^(db|lib/providers)/",
      "Pages and routes call lib verbs and queries.",
    ),
    ban(
      "sandbox-is-independent",
      "^sandbox/",
      "^(app|lib|db|emails|inngest|scripts)/",
      "It shares no code with what it tests.",
    ),
    ban(
      "product-knows-no-sandbox",
      "^(app|lib|db|emails|inngest)/",
      "^sandbox/",
      "Its address is configuration.",
    ),
    ban(
      "product-knows-no-scripts",
      "^(app|lib|db|emails|inngest)/",
      "^(scripts|tests)/",
      "Scripts use the product, not the reverse.",
    ),
    ban(
      "lib-is-framework-free",
      "^lib/",
      "(^|node_modules/)(next|next-auth|next-intl|inngest|react|react-dom)/",
      "Requests live in app/, jobs in inngest/.",
    ),
    ban(
      "emails-are-words-alone",
      "^emails/",
      "^(db|lib/(?!platform/|calendar/|mail/mail-content))|^node_modules/(next|next-auth|next-intl|inngest)/",
      "A template gets what it shows, and fetches nothing.",
    ),
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^\\.next|^node_modules/\\.cache" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
