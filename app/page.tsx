import { redirect } from "next/navigation";

/** The connections are where everybody starts; the gate there sends visitors to sign in. */
export default function HomePage() {
  redirect("/integrations");
}
