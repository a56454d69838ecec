import type { ReactNode } from "react";
import { DashboardShell } from "@/app/_components/shell/dashboard-shell";
import { requireSession } from "@/app/_session/gate";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { user, organization } = await requireSession();
  return (
    <DashboardShell user={{ name: user.name, email: user.email, organizationName: organization.name }}>
      {children}
    </DashboardShell>
  );
}
