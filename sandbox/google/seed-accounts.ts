import type { NewAccount } from "./accounts";
import type { OAuthClient } from "./oauth/model";

export const SEED_ACCOUNTS: readonly NewAccount[] = [
  { email: "alice@example.test", name: "Alice Martin", timeZone: "Europe/Paris", locale: "fr" },
  { email: "bob@example.test", name: "Bob Miller", timeZone: "America/New_York", locale: "en" },
  { email: "no-calendar@example.test", name: "Nora Calder", timeZone: "Europe/London", hasCalendar: false },
];

export const DEMO_CLIENT: OAuthClient = {
  id: "entente-demo-client.apps.example.test",
  secret: "sandbox-client-secret-not-for-production",
  name: "Entente",
  redirectUris: ["localhost", "127.0.0.1"].flatMap((host) => [
    `http://${host}:3000/api/integrations/google/callback`,
    `http://${host}:3000/api/auth/callback/google`,
  ]),
};
