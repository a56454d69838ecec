import {
  AlertTriangle,
  Ban,
  CheckCircle2,
  CircleDashed,
  CirclePause,
  Clock,
  Loader2,
  type LucideIcon,
  Unplug,
  XCircle,
} from "lucide-react";
import { Badge, type Tone } from "@/app/_components/ui/badge";

export type StatusLook =
  | "ok"
  | "working"
  | "delayed"
  | "limited"
  | "broken"
  | "blocked"
  | "ending"
  | "paused"
  | "off"
  | "failed";

const looks: Record<StatusLook, { tone: Tone; icon: LucideIcon; spins?: true }> = {
  ok: { tone: "success", icon: CheckCircle2 },
  working: { tone: "info", icon: Loader2, spins: true },
  delayed: { tone: "warning", icon: Clock },
  limited: { tone: "warning", icon: AlertTriangle },
  broken: { tone: "danger", icon: Unplug },
  blocked: { tone: "danger", icon: Ban },
  ending: { tone: "neutral", icon: Loader2, spins: true },
  paused: { tone: "neutral", icon: CirclePause },
  off: { tone: "neutral", icon: CircleDashed },
  failed: { tone: "danger", icon: XCircle },
};

/** A state in words and with an icon, so that colour never says it alone. */
export function StatusBadge({ look, children }: { look: StatusLook; children: string }) {
  const { tone, icon: Icon, spins } = looks[look];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={spins ? "animate-spin" : undefined} />
      {children}
    </Badge>
  );
}
